using NUnit.Framework;
using Proxy.IntegrationTests.Failures;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transactions;

/// <summary>A server that fails in the middle of a transaction: one error, and everybody's later replies are their own.</summary>
public sealed class FailureTests : ScriptedServerTests
{
    private const string Allowed = "+OK\r\n*0\r\n-ERR DISCARD without MULTI\r\n";

    [TestCase("")]
    [TestCase("+OK\r\n")]
    [TestCase("+OK\r\n+QUEUED\r\n+QUE")]
    [TestCase("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n$5\r\nab")]
    public void ConnectionLostInATransaction_IsOneError(string replies)
    {
        var server = Serve(connection =>
        {
            Probe(connection);
            if (connection.Index > 0)
            {
                connection.AnswerAll(_ => "+OK\r\n");
                return;
            }

            ReadTransaction(connection);
            connection.Send(replies);
            connection.Close();
        });
        StartProxy(server);

        Assert.That(Transaction(), Is.EqualTo(Failure("Connection lost")));
        Assert.That(server.Requests.Count(request => request == $"SET {Key} v"), Is.EqualTo(1), "it is never sent again");
    }

    [Test]
    public void LateRepliesOfATransaction_AreSwallowed()
    {
        using var timedOut = new ManualResetEventSlim();
        var server = Serve(connection =>
        {
            Probe(connection);
            ReadTransaction(connection);
            timedOut.Wait();
            connection.Send("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n$5\r\nwrong\r\n");
            connection.AnswerAll(_ => "$5\r\nright\r\n");
        });
        StartProxy(server, "timeout: 300");

        Assert.That(Transaction(), Is.EqualTo(Failure("Connection timed out")));

        timedOut.Set();
        var other = Connect();
        Assert.That(other.Call("GET", Key), Is.EqualTo("$5\r\nright\r\n"));
        Assert.That(Client.Call("GET", Key), Is.EqualTo("$5\r\nright\r\n"));
    }

    [Test]
    public void ClientGoneDuringExec_ItsReplyGoesToNobody()
    {
        using var gone = new ManualResetEventSlim();
        var server = Serve(connection =>
        {
            Probe(connection);
            ReadTransaction(connection);
            gone.Wait();
            connection.Send("+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n+OK\r\n$5\r\nwrong\r\n");
            connection.AnswerAll(_ => "$5\r\nright\r\n");
        });
        StartProxy(server);
        var other = Connect();
        SendTransaction();
        Eventually.True(() => server.Requests.Count(request => request == "EXEC") == 2, "the transaction is at the server");
        Client.Abort();
        other.SendCommand("GET", Key);
        gone.Set();

        Assert.That(other.ReadReply(), Is.EqualTo("$5\r\nright\r\n"));
    }

    private static void Probe(ScriptedConnection connection)
    {
        for (var i = 0; i < 3; i++)
        {
            connection.ReadRequest();
        }

        connection.Send(Allowed);
    }

    private static void ReadTransaction(ScriptedConnection connection)
    {
        for (var i = 0; i < 4; i++)
        {
            connection.ReadRequest();
        }
    }

    private void SendTransaction()
    {
        Client.Send([.. RespFrame.Request("MULTI"), .. RespFrame.Request("SET", Key, "v"), .. RespFrame.Request("GET", Key), .. RespFrame.Request("EXEC")]);
        Assert.That(Client.ReadReplies(3), Is.EqualTo("+OK\r\n+QUEUED\r\n+QUEUED\r\n"));
    }

    private string Transaction()
    {
        SendTransaction();
        return Client.ReadReply();
    }
}
