using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Proxy.Core.Model;
using Proxy.Host.Logging;
using Proxy.Testing;

namespace Proxy.Host.Tests.Logging;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ProxyLogTests : IDisposable
{
    private readonly RecordingSink _sink = new();
    private readonly ProxyLog _log;
    private readonly ILogger _logger;

    public ProxyLogTests()
    {
        _log = new ProxyLog(new LogModel(), _sink, TimeProvider.System);
        _logger = _log.Factory.CreateLogger("Proxy.Core.Tests");
    }

    public void Dispose()
    {
        _sink.Open.Set();
        _log.Dispose();
    }

    [Test]
    public void Lines_AreAllWrittenWhenTheLogIsClosed()
    {
        for (var i = 0; i < 1000; i++)
        {
            _logger.LogInformation("line {Number}", i);
        }

        _log.Dispose();

        Assert.That(_sink.Lines.Select(line => line[(line.LastIndexOf(' ') + 1)..]), Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"{i}")));
    }

    [Test]
    public void ClosedLog_ClosesItsFile()
    {
        _log.Dispose();

        Assert.That(_sink.IsDisposed, Is.True);
    }

    [Test]
    public void ClosedLog_TakesLinesWithoutComplaint()
    {
        _log.Dispose();

        Assert.That(() => _logger.LogInformation("late"), Throws.Nothing);
    }

    [Test]
    public void DebugLine_IsNotWrittenByDefault()
    {
        _logger.LogDebug("quiet");
        _logger.LogInformation("loud");
        _log.Dispose();

        Assert.That(_sink.Text, Does.Not.Contain("quiet").And.Contains("loud"));
    }

    [Test]
    public void RaisedVerbosity_CountsForLoggersThatExist()
    {
        _log.Verbosity.Raise();
        _log.Verbosity.Raise();
        _logger.LogDebug("now loud");
        _log.Dispose();

        Assert.That(_sink.Text, Does.Contain("now loud"));
    }

    [Test]
    public void LoweredVerbosity_SilencesWhatIsLessSevere()
    {
        _log.Verbosity.Lower();
        _logger.LogInformation("now quiet");
        _logger.LogWarning("still loud");
        _log.Dispose();

        Assert.That(_sink.Text, Does.Not.Contain("now quiet").And.Contains("still loud"));
    }

    [TestCase("Microsoft.AspNetCore.Server.Kestrel")]
    [TestCase("DotNetty.Transport.Channels")]
    public void InformationOfALibrary_IsNotWritten(string category)
    {
        _log.Factory.CreateLogger(category).LogInformation("noise");
        _log.Factory.CreateLogger(category).LogWarning("warning");
        _log.Dispose();

        Assert.That(_sink.Text, Does.Not.Contain("noise").And.Contains("warning"));
    }

    [Test]
    public void Scope_NamesItsFieldsInEveryLine()
    {
        using (_logger.BeginScope(new Dictionary<string, object?> { ["Pool"] = "sessions" }))
        {
            _logger.LogInformation("inside");
        }

        _logger.LogInformation("outside");
        _log.Dispose();

        Assert.That(_sink.Lines.Select(line => line.Split(": ")[1]), Is.EqualTo(new[] { "inside pool=sessions", "outside" }));
    }

    [Test]
    public void SinkThatBlocks_HoldsUpNobodyWhoLogs()
    {
        _sink.Open.Reset();

        for (var i = 0; i < 50_000; i++)
        {
            _logger.LogInformation("line {Number}", i);
        }

        Assert.That(_sink.Text, Is.Empty);
    }

    [Test]
    public void LinesThatDidNotFit_AreCountedInALine()
    {
        _sink.Open.Reset();
        for (var i = 0; i < 50_000; i++)
        {
            _logger.LogInformation("line {Number}", i);
        }

        _sink.Open.Set();
        _log.Dispose();
        var written = _sink.Lines.Count(line => line.Contains("Tests: line", StringComparison.Ordinal));

        Assert.That(_sink.Text, Does.Contain($"warn  Logging.ProxyLog: {50_000 - written} lines were suppressed"));
    }

    [Test]
    public void FullDisk_LosesLinesAndSaysSoLater()
    {
        _sink.IsFull = true;
        _logger.LogInformation("lost");
        Eventually.True(() => _sink.Failures == 1, "the line could not be written");
        _sink.IsFull = false;
        _logger.LogInformation("kept");
        _log.Dispose();

        Assert.That(_sink.Text, Does.Contain("1 lines were lost").And.Contains("kept").And.Not.Contains("Tests: lost"));
    }

    [Test]
    public void Reopen_ComesAfterTheLinesBeforeIt()
    {
        _sink.Open.Reset();
        _logger.LogInformation("before");
        _log.Reopen();

        Assert.That(_sink.Reopened, Is.Zero);
        _sink.Open.Set();
        Eventually.True(() => _sink.Reopened == 1, "the log is reopened");
        Assert.That(_sink.Text, Does.Contain("before"));
    }
}
