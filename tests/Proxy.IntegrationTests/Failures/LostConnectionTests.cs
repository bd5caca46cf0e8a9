using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Failures;

/// <summary>Connections that end, or turn out to be no Redis, with requests in flight.</summary>
[Category("Transport")]
public sealed class LostConnectionTests : ScriptedServerTests
{
    private int _served;

    [SetUp]
    public void Reset() => _served = 0;

    [Test]
    public void Reset_RequestsInFlightFail_NextGoesOverANewConnection()
    {
        var server = Serve(connection => FirstThenNormal(connection, () => connection.Reset()));
        StartProxy(server);

        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Connection reset by peer")));

        Eventually.Equal(() => Client.Call("GET", Key), "+normal\r\n", "the next connection is used");
    }

    [Test]
    public void Closed_RequestsInFlightFail_NextGoesOverANewConnection()
    {
        var server = Serve(connection => FirstThenNormal(connection, () => connection.Close()));
        StartProxy(server);

        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Connection lost")));

        Eventually.Equal(() => Client.Call("GET", Key), "+normal\r\n", "the next connection is used");
    }

    [TestCase("SET")]
    [TestCase("INCR")]
    public void Lost_WritesAreNeverSentAgain(string command)
    {
        var server = Serve(connection => FirstThenNormal(connection, () => connection.Reset()));
        StartProxy(server);
        string[] request = command == "SET" ? ["SET", Key, "v"] : ["INCR", Key];

        Assert.That(Client.Call(request), Is.EqualTo(Failure("Connection reset by peer")));

        Eventually.Equal(() => Client.Call("GET", Key), "+normal\r\n", "the next connection is used");
        Assert.That(server.Requests.Count(seen => seen.StartsWith(command, StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [TestCase("garbage\r\n")]
    [TestCase("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [TestCase(":12a\r\n")]
    [TestCase("$-2\r\n")]
    [TestCase("$5\r\nhello!!")]
    [TestCase("*99999999999\r\n")]
    [TestCase("$?\r\n;4\r\npart\r\n;0\r\n")]
    [TestCase("\0\0\0\0")]
    public void Garbage_FailsTheRequestAndClosesTheConnection(string garbage)
    {
        var server = Serve(connection => FirstThenNormal(connection, () =>
        {
            connection.Send(garbage);
            connection.Stall();
        }));
        StartProxy(server);

        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Invalid argument")));

        Eventually.Equal(() => Client.Call("GET", Key), "+normal\r\n", "the next connection is used");
    }

    [Test]
    public void ClosesInTheMiddleOfASmallReply_RequestFails()
    {
        var server = Serve(connection => FirstThenNormal(connection, () =>
        {
            connection.Send("$100\r\nhalf of it");
            connection.Close();
        }));
        StartProxy(server);

        Assert.That(Client.Call("GET", Key), Is.EqualTo(Failure("Connection lost")));
        Eventually.Equal(() => Client.Call("GET", Key), "+normal\r\n", "the next connection is used");
    }

    [Test]
    public void ClosesInTheMiddleOfALargeReply_ThatClientGetsAnErrorOrIsClosed()
    {
        var server = Serve(connection => FirstThenNormal(connection, () =>
        {
            connection.Send("$100000000\r\n" + new string('x', 3_000_000));
            connection.Close();
        }));
        StartProxy(server);

        Client.SendCommand("GET", Key);

        // What was passed on cannot be taken back: then only the end of the connection tells.
        Assert.That(ReplyOrEnd(Client), Is.EqualTo(Failure("Connection lost")).Or.EqualTo("closed"));
        Assert.That(Connect().Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void AnswersTwice_SecondAnswerIsNobodys()
    {
        var server = Serve(connection => FirstThenNormal(connection, () =>
        {
            connection.Send("+first\r\n+extra\r\n");
            connection.AnswerAll(_ => "+of the same connection\r\n");
        }));
        StartProxy(server);

        Assert.That(Client.Call("GET", Key), Is.EqualTo("+first\r\n"));

        Eventually.Equal(() => Client.Call("GET", Key), "+normal\r\n", "the connection that answered twice is closed");
    }

    [Test]
    public void AnswersUnasked_AnswerIsNobodys()
    {
        using var gate = new ManualResetEventSlim();
        var server = Serve(connection => FirstThenNormal(connection, () =>
        {
            connection.Send("+first\r\n");
            gate.Wait();
            connection.Send("+unasked\r\n");
            connection.AnswerAll(_ => "+of the same connection\r\n");
        }));
        StartProxy(server);
        Assert.That(Client.Call("GET", Key), Is.EqualTo("+first\r\n"));

        gate.Set();

        Eventually.True(() => server.Accepted > 1 || Client.Call("GET", Key) == "+normal\r\n", "the connection is replaced");
        Eventually.Equal(() => Client.Call("GET", Key), "+normal\r\n", "the next connection is used");
    }

    [Test]
    public void ReplyInSingleBytes_IsWhole()
    {
        const string Reply = "*3\r\n$5\r\nhello\r\n*2\r\n:1\r\n$-1\r\n-ERR in it\r\n";
        var server = Serve(connection => connection.AnswerAll(_ =>
        {
            foreach (var character in Reply)
            {
                connection.Send(character.ToString());
            }

            return null;
        }));
        StartProxy(server);

        Assert.That(Client.Call("GET", Key), Is.EqualTo(Reply));
    }

    [TestCase("-LOADING Redis is loading the dataset in memory\r\n")]
    [TestCase("-OOM command not allowed when used memory > 'maxmemory'.\r\n")]
    [TestCase("-BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n")]
    [TestCase("-READONLY You can't write against a read only replica.\r\n")]
    [TestCase("-MISCONF Redis is configured to save RDB snapshots\r\n")]
    public void ErrorReplies_PassUnchangedOnAConnectionThatStays(string reply)
    {
        var server = Serve(connection => connection.AnswerAll(_ => reply));
        StartProxy(server);

        Assert.That(Client.Call("GET", Key), Is.EqualTo(reply));
        var accepted = server.Accepted;
        Assert.That(Client.Call("SET", Key, "v"), Is.EqualTo(reply));
        Assert.That(server.Accepted, Is.EqualTo(accepted));
    }

    [TestCase("MGET", "-LOADING Redis is loading the dataset in memory\r\n")]
    [TestCase("DEL", "-READONLY You can't write against a read only replica.\r\n")]
    public void ErrorInAFragment_IsTheWholeReply(string command, string reply)
    {
        StartProxy(Serve(connection => connection.AnswerAll(_ => reply)));

        Assert.That(Client.Call(command, HealthyKey, Key), Is.EqualTo(reply));
    }

    [TestCase("MGET", ":1\r\n")]
    [TestCase("MGET", "*5\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n$1\r\na\r\n")]
    [TestCase("DEL", "*1\r\n$1\r\na\r\n")]
    [TestCase("DEL", ":12345678901234567890\r\n")]
    public void FragmentReplyOfAnotherShape_IsAnError(string command, string reply)
    {
        StartProxy(Serve(connection => connection.AnswerAll(_ => reply)));

        Client.SendCommand(command, HealthyKey, Key);
        Client.SendCommand("PING");

        Assert.That(Client.ReadReply(), Does.StartWith("-ERR "));
        Assert.That(Client.ReadReply(), Is.EqualTo("+PONG\r\n"));
    }

    private static string ReplyOrEnd(RespClient client)
    {
        try
        {
            return client.ReadReply();
        }
        catch (EndOfStreamException)
        {
            return "closed";
        }
    }

    /// <summary>The first request of the test gets <paramref name="first"/>, all later ones a normal reply.</summary>
    private void FirstThenNormal(ScriptedConnection connection, Action first)
    {
        while (true)
        {
            connection.ReadRequest();
            if (Interlocked.Increment(ref _served) == 1)
            {
                first();
                return;
            }

            connection.Send("+normal\r\n");
        }
    }
}
