using NUnit.Framework;

namespace Proxy.Transport.Tests;

public sealed class TransportSelectorTests
{
    [TestCase("Auto")]
    [TestCase("Socket")]
    public void Available_IsChosenWithAReason(string kind)
    {
        var choice = TransportSelector.Choose(Enum.Parse<TransportKind>(kind));
        Assert.That(choice.Transport.Name, Is.EqualTo("socket"));
        Assert.That(choice.Reason, Does.StartWith("transport socket: "));
    }

    [TestCase("Epoll", "epoll")]
    [TestCase("IoUring", "io_uring")]
    public void NamedAndNotAvailable_IsAnErrorThatNamesIt(string kind, string name)
    {
        var failure = Assert.Throws<PlatformNotSupportedException>(() => TransportSelector.Choose(Enum.Parse<TransportKind>(kind)));
        Assert.That(failure!.Message, Does.Contain($"transport {name} is not available"));
    }
}
