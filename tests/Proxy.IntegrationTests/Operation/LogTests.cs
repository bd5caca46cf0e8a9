using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Operation;

/// <summary>The log: where it goes, that SIGHUP opens it again, that its level moves.</summary>
public sealed class LogTests
{
    private RedisServer _server = null!;
    private TempFolder _folder = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _folder = new TempFolder();
    }

    [OneTimeTearDown]
    public void End()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Start_SaysWhereItListensAndWhichTransport()
    {
        using var proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]));

        Eventually.True(
            () => proxy.Process.Output.Contains(proxy.File.Pools[0].Listen, StringComparison.Ordinal),
            "the listen address is in the log");
        Assert.That(proxy.Process.Output, Does.Contain("transport"));
    }

    [Test]
    public void Requests_AreNotLogged()
    {
        using var proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]));
        proxy.Call("SET", "a-key-to-look-for", "a-value-to-look-for");
        proxy.Call("GET");
        proxy.Call("NO-SUCH-COMMAND-TO-LOOK-FOR");
        proxy.Terminate();
        proxy.WaitForExit();

        Assert.That(proxy.Process.Output, Does.Not.Contain("to-look-for").And.Not.Contain("TO-LOOK-FOR"));
    }

    [Test]
    public void ServerThatFailsAgainAndAgain_DoesNotFillTheLog()
    {
        using var server = ScriptedServer.Start(connection =>
        {
            connection.ReadRequest();
            connection.Send("+OK\r\n");
            connection.ReadRequest();
            connection.Send("?\r\n");
        });
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address]));
        using var client = proxy.Connect();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 200; i++)
        {
            client.Call("GET", "a");
        }

        var seconds = (int)clock.Elapsed.TotalSeconds;
        proxy.Terminate();
        proxy.WaitForExit();

        Assert.That(proxy.Process.Output.Split("server failing").Length - 1, Is.InRange(1, seconds + 2));
    }

    [Test]
    public void ServerThatIsDown_IsLoggedWithPoolAndServer()
    {
        using var proxy = ProxyProcess.Start(ProxyFile.Of([$"127.0.0.1:{FreePort.Next()}"]));
        proxy.Call("GET", "a");

        Eventually.True(
            () => proxy.Process.Output.Split('\n')
                .Any(line => line.Contains("main", StringComparison.Ordinal) && line.Contains("shard0", StringComparison.Ordinal)),
            "a line names pool and server");
    }

    [Test]
    public void Hangup_OpensTheLogFileAgain()
    {
        var log = _folder["reopened.log"];
        using var proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]), "-o", log);
        Eventually.True(() => new FileInfo(log).Length > 0, "the log is written");
        File.Move(log, log + ".1");

        proxy.Process.Signal(UnixSignal.Hangup);

        Eventually.True(() => File.Exists(log) && new FileInfo(log).Length > 0, "a new log is written");
        Assert.That(proxy.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void TerminalInputSignal_LogsMore()
    {
        using var proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]));
        SendBadRequest(proxy, "*abc\r\n");

        // Signals of one kind that come close together are one.
        Eventually.True(
            () =>
            {
                proxy.Process.Signal(UnixSignal.TerminalInput);
                SendBadRequest(proxy, "*1\r\n$-1\r\n");
                return proxy.Process.Output.Contains("InvalidBulkLength", StringComparison.Ordinal);
            },
            "a client's mistake is logged");
        Assert.That(proxy.Process.Output, Does.Not.Contain("InvalidMultibulkLength"), "what was not logged before");
    }

    [Test]
    public void TerminalOutputAndUserSignals_EndNothing()
    {
        using var proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]));

        proxy.Process.Signal(UnixSignal.TerminalOutput);
        proxy.Process.Signal(UnixSignal.User1);

        Assert.That(proxy.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    private static void SendBadRequest(ProxyProcess proxy, string request)
    {
        using var client = proxy.Connect();
        client.Send(request);
        Assert.That(client.ReadToEnd(), Does.StartWith("-ERR Protocol error: "));
    }
}
