using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Proxy.Host.Logging;

namespace Proxy.Host.Tests.Logging;

[TestFixture]
internal sealed class VerbosityTests
{
    [TestCase(0, LogLevel.Critical)]
    [TestCase(2, LogLevel.Critical)]
    [TestCase(3, LogLevel.Error)]
    [TestCase(4, LogLevel.Warning)]
    [TestCase(5, LogLevel.Information)]
    [TestCase(6, LogLevel.Information)]
    [TestCase(7, LogLevel.Debug)]
    [TestCase(8, LogLevel.Trace)]
    [TestCase(11, LogLevel.Trace)]
    [TestCase(99, LogLevel.Trace)]
    [TestCase(-1, LogLevel.Critical)]
    public void Number_MeansALevel(int number, LogLevel level) => Assert.That(new Verbosity(number).Level, Is.EqualTo(level));

    [Test]
    public void Raise_StopsAtTheHighest()
    {
        var verbosity = new Verbosity(10);

        verbosity.Raise();
        verbosity.Raise();

        Assert.That(verbosity.Number, Is.EqualTo(11));
    }

    [Test]
    public void Lower_StopsAtTheLowest()
    {
        var verbosity = new Verbosity(1);

        verbosity.Lower();
        verbosity.Lower();

        Assert.That(verbosity.Number, Is.Zero);
    }
}
