using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Failures;

/// <summary>What happens to a request that goes out while it arrives when the server fails in its middle.</summary>
[Category("Transport")]
public sealed class StreamedRequestTests : ScriptedServerTests
{
    private static readonly byte[] Request = RespFrame.Request("SET", Key, new string('x', 8_000_000));

    [Test]
    public void ServerThatResetsInTheMiddle_FailsTheRequestAndTheRestOfItIsDropped()
    {
        StartProxy(Serve(connection =>
        {
            connection.ReadBytes(3_000_000);
            connection.Reset();
        }));

        Client.Send(Request);
        Client.SendCommand("GET", HealthyKey);

        Assert.That(Client.ReadReply(), Is.EqualTo(Failure("Connection reset by peer")).Or.EqualTo(Failure("Connection lost")));
        Assert.That(Client.ReadReply(), Is.EqualTo("$-1\r\n").Or.EqualTo("$1\r\nv\r\n"));
    }

    [Test]
    public void ServerThatIsDown_FailsTheRequestAndTheRestOfItIsDropped()
    {
        var server = Serve(connection => connection.Stall());
        server.Refuse();
        StartProxy(server);

        Client.Send(Request);

        Assert.That(Client.ReadReply(), Is.EqualTo(Failure("Connection refused")));
        Assert.That(Client.Call("ECHO", "alive"), Is.EqualTo("$5\r\nalive\r\n"));
    }

    [Test]
    public void ServerThatAnswersBeforeTheEnd_IsBelievedAndItsConnectionIsNotUsedAgain()
    {
        var server = Serve(connection =>
        {
            connection.ReadBytes(1_000_000);
            connection.Send("-ERR too much\r\n");
            connection.NeverRead();
        });
        StartProxy(server);

        Client.Send(Request.AsSpan(0, 4_000_000));

        Assert.That(Client.ReadReply(), Is.EqualTo("-ERR too much\r\n"));
        Client.Send(Request.AsSpan(4_000_000));
        Assert.That(Client.Call("ECHO", "alive"), Is.EqualTo("$5\r\nalive\r\n"));
    }

    [Test]
    public void ServerThatDoesNotRead_IsGivenUpAndMemoryDoesNotGrow()
    {
        StartProxy(Serve(connection => connection.NeverRead()), "timeout: 500", "server_hard_timeout: 500");
        Assert.That(Client.Call("ECHO", "x"), Is.EqualTo("$1\r\nx\r\n"));
        var before = Proxy.Process.ResidentBytes;
        var large = RespFrame.Request("SET", Key, new string('x', 100_000_000));

        var sending = Task.Run(() => Client.Send(large));

        Assert.That(Client.ReadReply(), Is.EqualTo(Failure("Connection timed out")));
        Assert.That(sending.Wait(Eventually.DefaultDeadline), "the rest of the request is taken");
        Assert.That(Client.Call("ECHO", "alive"), Is.EqualTo("$5\r\nalive\r\n"));
        Assert.That((Proxy.Process.ResidentBytes - before) >> 20, Is.LessThan(64), "MB");
    }

    [Test]
    public void ServerThatDoesNotAnswer_TimesOutFromTheLastByteOn()
    {
        StartProxy(Serve(connection => connection.Stall()), "timeout: 700");
        Client.Send(Request.AsSpan(0, 7_000_000));
        Eventually.Stays(() => Client.ReadAvailable().Length == 0, "a request that is not whole has not timed out", TimeSpan.FromSeconds(1.5));

        Client.Send(Request.AsSpan(7_000_000));

        Assert.That(Client.ReadReply(), Is.EqualTo(Failure("Connection timed out")));
        Assert.That(Client.Call("ECHO", "alive"), Is.EqualTo("$5\r\nalive\r\n"));
    }

    [Test]
    public void ClientThatStallsTooLong_IsClosed()
    {
        StartProxy(Serve(connection => connection.Stall()), "client_stall_timeout: 1000", "server_hard_timeout: 200");

        Client.Send(Request.AsSpan(0, 4_000_000));

        Assert.That(Client.ReadToEnd(), Is.Empty);
    }
}
