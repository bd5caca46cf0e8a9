using NUnit.Framework;
using Proxy.Transport.IoUring;
using Proxy.Transport.Sockets;

namespace Proxy.Transport.Tests;

public sealed class TransportSelectorTests
{
    private static readonly IoUringOptions Options = new(TimeSpan.FromMicroseconds(200), 8);

    [Test]
    public void Auto_BestWorks_IsChosenWithWhatItFound() =>
        Assert.That(
            Choose(TransportKind.Auto, Works("io_uring works"), Works()).Reason,
            Is.EqualTo("transport io_uring: io_uring works"));

    [Test]
    public void Auto_BestDoesNotWork_NextIsChosenWithTheReason() =>
        Assert.That(
            Choose(TransportKind.Auto, Refuses("io_uring is forbidden here"), Works()).Reason,
            Is.EqualTo("transport epoll: io_uring is forbidden here"));

    [Test]
    public void Auto_NothingElseWorks_SocketIsChosenWithAllReasons() =>
        Assert.That(
            Choose(TransportKind.Auto, Refuses("io_uring needs Linux"), Refuses("epoll needs Linux")).Reason,
            Is.EqualTo("transport socket: io_uring needs Linux; epoll needs Linux"));

    [TestCase("IoUring", "transport io_uring: configured; found")]
    [TestCase("Epoll", "transport epoll: configured; it works")]
    [TestCase("Socket", "transport socket: configured; it works")]
    public void Named_Works_IsChosen(string kind, string reason) =>
        Assert.That(Choose(Enum.Parse<TransportKind>(kind), Works("found"), Works()).Reason, Is.EqualTo(reason));

    [Test]
    public void Named_DoesNotWork_IsAnErrorWithTheReasonAndWhatToDo()
    {
        var failure = Assert.Throws<PlatformNotSupportedException>(
            () => Choose(TransportKind.IoUring, Refuses("io_uring is forbidden here (seccomp profile)"), Works()));
        Assert.That(
            failure!.Message,
            Is.EqualTo(
                "transport io_uring does not work here: io_uring is forbidden here (seccomp profile); "
                + "allow it, or write `transport: auto`, which takes epoll here"));
    }

    [Test]
    public void Named_OthersAreNotMade()
    {
        TransportCandidate[] candidates = [Candidate(TransportKind.IoUring, "io_uring", Works()) with { Create = Unwanted }, .. Rest(Works())];
        Assert.That(() => TransportSelector.Choose(TransportKind.Epoll, candidates), Throws.Nothing);
    }

    [TestCase("Auto")]
    [TestCase("Epoll")]
    [TestCase("Socket")]
    public void OnThisMachine_TheNameIsTheOneOfTheReason(string kind)
    {
        var choice = TransportSelector.Choose(Enum.Parse<TransportKind>(kind), Options);
        Assert.That(choice.Reason, Does.StartWith($"transport {choice.Transport.Name}: "));
    }

    private static TransportChoice Choose(TransportKind kind, TransportAvailability ioUring, TransportAvailability epoll) =>
        TransportSelector.Choose(kind, [Candidate(TransportKind.IoUring, "io_uring", ioUring), .. Rest(epoll)]);

    private static TransportCandidate[] Rest(TransportAvailability epoll) =>
        [Candidate(TransportKind.Epoll, "epoll", epoll), Candidate(TransportKind.Socket, "socket", Works())];

    private static TransportCandidate Candidate(TransportKind kind, string name, TransportAvailability availability) =>
        new(kind, name, () => availability, () => new SocketTransport());

    private static ITransport Unwanted() => throw new InvalidOperationException("nobody asked for it");

    private static TransportAvailability Works(string found = "it works") => TransportAvailability.Yes(found);

    private static TransportAvailability Refuses(string reason) => TransportAvailability.No(reason);
}
