using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Failures;

/// <summary>A timeout fails its own request and nobody else's; a late reply is swallowed; a hard timeout gives the connection up.</summary>
public sealed class TimeoutTests : ScriptedServerTests
{
    private readonly ManualResetEventSlim _gate = new();

    [SetUp]
    public void CloseGate() => _gate.Reset();

    [TearDown]
    public void OpenGate() => _gate.Set();

    [OneTimeTearDown]
    public void DisposeGate() => _gate.Dispose();

    [Test]
    public void LateReply_IsSwallowed()
    {
        var server = Start("timeout: 300");
        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Connection timed out")));

        _gate.Set();

        Assert.That(Client.Call("GET", "key:2"), Is.EqualTo("+key:2\r\n"));
        string[] all = ["GET key:0", "GET key:1", "GET key:2"];
        Assert.That(server.RequestsOf(DataConnection(server)), Is.EqualTo(all), "on the same connection");
    }

    [Test]
    public void LateReplyBehindManyTimedOut_AllAreSwallowed()
    {
        Start("timeout: 300");
        for (var i = 1; i <= 50; i++)
        {
            Client.SendCommand("GET", $"key:{i}");
        }

        Assert.That(Client.ReadReplies(50), Is.EqualTo(string.Concat(Enumerable.Repeat(Failure("Connection timed out"), 50))));

        _gate.Set();

        Assert.That(Client.Call("GET", "key:99"), Is.EqualTo("+key:99\r\n"));
    }

    [Test]
    public void Timeout_FailsOnlyItsOwnRequest()
    {
        Start("timeout: 1000");
        var other = Connect();
        Client.SendCommand("GET", Key);
        // Both get the same connection; only the first is overdue when its time is up.
        Eventually.LetTimePass(TimeSpan.FromMilliseconds(600));
        other.SendCommand("GET", "key:2");

        Assert.That(Client.ReadReply(), Is.EqualTo(Failure("Connection timed out")));
        _gate.Set();

        Assert.That(other.ReadReply(), Is.EqualTo("+key:2\r\n"));
    }

    [Test]
    public void Timeout_EarlierAndLaterRepliesKeepTheirOrder()
    {
        Start("timeout: 1000");

        Client.Send([
            .. RespFrame.Request("SET", HealthyKey, "v"), .. RespFrame.Request("GET", Key), .. RespFrame.Request("GET", HealthyKey),
        ]);

        Assert.That(Client.ReadReplies(3), Is.EqualTo($"+OK\r\n{Failure("Connection timed out")}$1\r\nv\r\n"));
    }

    [Test]
    public void HardTimeout_GivesTheConnectionUp()
    {
        var server = Start("timeout: 200", "server_hard_timeout: 1s");
        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Connection timed out")));

        // The gate stays closed: only another connection can answer.
        Eventually.Equal(() => Client.Call("GET", "key:2"), "+key:2\r\n", "a new connection is used");
        Assert.That(server.Accepted, Is.GreaterThan(1));
    }

    [Test]
    public void NoTimeoutConfigured_HardTimeoutEndsTheWait()
    {
        Start("server_hard_timeout: 500ms");
        var clock = Stopwatch.StartNew();

        Assert.That(Client.Call("SET", Key, "v"), Is.EqualTo(Failure("Connection timed out")));
        Assert.That(clock.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds(400)));
    }

    [Test]
    public void FragmentTimesOut_WholeCommandIsOneError()
    {
        Start("timeout: 1000");

        Client.SendCommand("MGET", HealthyKey, Key);
        Client.SendCommand("PING");

        Assert.That(Client.ReadReplies(2), Is.EqualTo($"{Failure("Connection timed out")}+PONG\r\n"));
    }

    [Test]
    public void PausedServer_RecoversWhenItGoesOn()
    {
        using var paused = RedisServer.Start();
        StartProxy(paused.Address, "timeout: 1000");
        Assert.That(Client.Call("SET", Key, "before"), Is.EqualTo("+OK\r\n"));
        paused.Pause();

        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Connection timed out")));
        paused.Resume();

        Eventually.Equal(() => Client.Call("GET", Key), "$6\r\nbefore\r\n", "the server is used again");
    }

    /// <summary>
    /// A request for <see cref="ScriptedServerTests.Key"/> waits for the gate, and so do those behind it; each reply names its request's
    /// key.
    /// </summary>
    private void AnswerKeyLate(ScriptedConnection connection) =>
        connection.AnswerAll(request =>
        {
            if (request[1] == Key)
            {
                _gate.Wait();
            }

            return $"+{request[1]}\r\n";
        });

    /// <summary>Starts the proxy, and has the connection to the server made, so that a timeout is one of the request alone.</summary>
    private ScriptedServer Start(params string[] poolKeys)
    {
        var server = Serve(AnswerKeyLate);
        StartProxy(server, poolKeys);
        Eventually.Equal(() => Client.Call("GET", "key:0"), "+key:0\r\n", "the connection is made");
        return server;
    }

    private static int DataConnection(ScriptedServer server) =>
        Enumerable.Range(0, server.Accepted).First(connection => server.RequestsOf(connection).Count > 0);
}
