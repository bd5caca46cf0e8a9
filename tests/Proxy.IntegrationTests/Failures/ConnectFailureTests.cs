using System.Diagnostics;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Failures;

/// <summary>
/// Servers that cannot be connected to: their requests fail fast with the place, the client stays, the others are served.
/// </summary>
public sealed class ConnectFailureTests : ScriptedServerTests
{
    [Test]
    public void NobodyListens_RequestsFailFast()
    {
        StartProxy($"127.0.0.1:{FreePort.Next()}");

        for (var i = 0; i < 20; i++)
        {
            var clock = Stopwatch.StartNew();
            Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Connection refused")));
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
        }
    }

    [Test]
    public void NobodyListens_PipelineKeepsItsOrder()
    {
        StartProxy($"127.0.0.1:{FreePort.Next()}");

        Client.Send([
            .. RespFrame.Request("SET", HealthyKey, "v"), .. RespFrame.Request("GET", Key), .. RespFrame.Request("GET", HealthyKey),
        ]);

        Assert.That(Client.ReadReplies(3), Is.EqualTo($"+OK\r\n{Failure("Connection refused")}$1\r\nv\r\n"));
    }

    [TestCase("MGET")]
    [TestCase("DEL")]
    [TestCase("EXISTS")]
    public void NobodyListens_SplitCommandIsOneError(string command)
    {
        StartProxy($"127.0.0.1:{FreePort.Next()}");

        Client.SendCommand(command, HealthyKey, Key, HealthyKey);
        Client.SendCommand("PING");

        Assert.That(Client.ReadReplies(2), Is.EqualTo($"{Failure("Connection refused")}+PONG\r\n"));
    }

    [Test]
    public void ServerComesUpLater_IsUsed()
    {
        var server = Serve(connection => connection.AnswerAll(_ => "+here\r\n"));
        server.Refuse();
        StartProxy(server);
        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Connection refused")));

        server.Listen();

        Eventually.Equal(() => Client.Call("GET", Key), "+here\r\n", "the server is used");
    }

    [Test]
    public void PacketsAreDropped_ConnectTimesOut()
    {
        StartProxy(Keep(BlackHole.Start()).Address, "connect_timeout: 300");

        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Connection timed out")));
    }

    [Test]
    public void PacketsAreDropped_RequestTimesOutBeforeTheConnect()
    {
        StartProxy(Keep(BlackHole.Start()).Address, "connect_timeout: 20s", "timeout: 200");

        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Connection timed out")));
    }

    [Test]
    public void NameDoesNotResolve_RequestsFailAndStartIsNotHeldUp()
    {
        StartProxy("no-such-host.invalid:6379", "preconnect: true");

        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Host is down")));
    }

    [Test]
    public void ConnectionsThatEndAtOnce_AreRetriedWithBackoff()
    {
        var server = Serve(connection => connection.Reset());
        StartProxy(server, "reconnect_backoff: { min: 50, max: 200 }");
        var clock = Stopwatch.StartNew();

        while (clock.Elapsed < TimeSpan.FromSeconds(2))
        {
            Assert.That(Client.Call("GET", Key), Does.StartWith("-ERR "));
        }

        // At 50 ms apart and more, 2 s have room for 40 of each worker's and of the control connection's.
        Assert.That(server.Accepted, Is.InRange(2, 40 * (Environment.ProcessorCount + 1)));
    }

    [Test]
    public void Preconnect_ConnectsBeforeTheFirstRequest()
    {
        var server = Serve(connection => connection.Stall());

        StartProxy(server, "preconnect: true");

        Eventually.True(() => server.Accepted > 0, "the proxy has connected");
        Assert.That(server.Requests, Is.Empty);
    }
}
