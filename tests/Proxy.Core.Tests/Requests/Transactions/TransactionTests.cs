using NUnit.Framework;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Sessions;

namespace Proxy.Core.Tests.Requests.Transactions;

/// <summary>What is queued, what is not, and what is left of it.</summary>
public sealed class TransactionTests
{
    private const string Queued = "+QUEUED\r\n";
    private const string Aborted = "-EXECABORT Transaction discarded because of previous errors.\r\n";

    private TestPool _pool = null!;
    private TestClient _client = null!;

    [SetUp]
    public void Open()
    {
        _pool = new TestPool();
        _client = new TestClient(_pool);
    }

    [TearDown]
    public void NothingIsLeft()
    {
        _client.Leave();
        Assert.That(_client.Transaction, Is.Null);
    }

    [TestCase("GET a", Queued)]
    [TestCase("PING", Queued)]
    [TestCase("UNWATCH", Queued)]
    [TestCase("SELECT 3", Queued)]
    [TestCase("MULTI", "-ERR MULTI calls can not be nested\r\n")]
    [TestCase("WATCH a", "-ERR WATCH inside MULTI is not allowed\r\n")]
    [TestCase("DISCARD", "+OK\r\n")]
    [TestCase("EXEC", "*0\r\n")]
    [TestCase("EXEC x", "-EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command\r\n")]
    [TestCase("HELLO 3", "-ERR Command not allowed inside a transaction\r\n")]
    public void RequestAfterMulti_IsQueuedOrAnswered(string request, string reply)
    {
        Send("MULTI");

        Assert.That(Send(request), Is.EqualTo(reply));
    }

    [TestCase("MULTI", ExpectedResult = "*1\r\n+PONG\r\n")]
    [TestCase("WATCH a", ExpectedResult = "*1\r\n+PONG\r\n")]
    [TestCase("NOSUCH", ExpectedResult = Aborted)]
    [TestCase("GET", ExpectedResult = Aborted)]
    [TestCase("WATCH", ExpectedResult = Aborted)]
    [TestCase("CLIENT REPLY OFF", ExpectedResult = Aborted)]
    [TestCase("SHUTDOWN", ExpectedResult = Aborted)]
    public string RefusedRequestAfterMulti_DecidesWhatExecDoes(string refused)
    {
        Send("MULTI");
        Send("PING");
        Send(refused);

        return Send("EXEC");
    }

    [TestCase("EXEC")]
    [TestCase("DISCARD")]
    [TestCase("RESET")]
    [TestCase("EXEC x")]
    public void EndOfATransaction_OpensTheGate(string end)
    {
        Send("MULTI");
        Assert.That(_client.Gate, Is.EqualTo(SessionGate.Multi));

        Send(end);

        Assert.That(_client.Gate, Is.EqualTo(SessionGate.None));
        Assert.That(Send("EXEC"), Is.EqualTo("-ERR EXEC without MULTI\r\n"));
    }

    [Test]
    public void DeniedCommandInATransaction_AbortsIt()
    {
        _pool.Apply(Pools.Model() with { DenyCommands = ["get"] });
        Send("MULTI");

        Assert.That(Send("GET a"), Does.StartWith("-NOPERM "));
        Assert.That(Send("EXEC"), Is.EqualTo(Aborted));
    }

    [Test]
    public void TransactionThatIsRefused_KeepsNothing()
    {
        Send("MULTI");
        Send("SET a b");
        Send("NOSUCH");
        Send("SET a b");

        Assert.That(_client.Transaction!.Length, Is.Zero);
    }

    [Test]
    public void CommandDeniedSinceItWasQueued_AbortsTheTransaction()
    {
        Send("MULTI");
        Send("PING");
        _pool.Apply(Pools.Model() with { DenyCommands = ["ping"] });

        Assert.That(Send("EXEC"), Is.EqualTo(Aborted));
    }

    [Test]
    public void RepliesBeyondTheOutputLimit_DropTheClientBeforeAllAreMade()
    {
        _pool.Apply(Pools.Model() with { ClientOutputLimit = 10_000 });
        Send("MULTI");
        for (var i = 0; i < 100; i++)
        {
            Send("COMMAND DOCS get");
        }

        _client.Request("EXEC");

        Assert.That(_client.ClosedFor, Is.EqualTo(ClientCloseReason.OutputLimit));
        Assert.That(_client.Output.Length, Is.LessThan(20_000));
    }

    [TestCase("COMMAND DOCS")]
    [TestCase("COMMAND INFO")]
    public void OneReplyBeyondTheOutputLimit_DropsTheClientBeforeAllIsMade(string command)
    {
        _pool.Apply(Pools.Model() with { ClientOutputLimit = 10_000 });

        _client.Request(command + string.Concat(Enumerable.Repeat(" get", 1000)));

        Assert.That(_client.ClosedFor, Is.EqualTo(ClientCloseReason.OutputLimit));
        Assert.That(_client.Output.Length, Is.LessThan(20_000));
    }

    [Test]
    public void ManySmallCommands_CountForMoreThanTheirBytes()
    {
        _pool.Apply(Pools.Model() with { MaxRequestSize = 1000 });
        Send("MULTI");
        for (var i = 0; i < 13; i++)
        {
            Assert.That(Send("PING"), Is.EqualTo(Queued));
        }

        Assert.That(Send("PING"), Does.StartWith("-ERR "));
    }

    [TestCase("AUTH x")]
    [TestCase("HELLO 2 AUTH default x")]
    public void ManyPasswordsInATransaction_AreRefused(string guess)
    {
        Send("MULTI");
        for (var i = 0; i < 10; i++)
        {
            Assert.That(Send(guess), Is.EqualTo(Queued));
        }

        Assert.That(Send(guess), Is.EqualTo("-ERR Command not allowed inside a transaction\r\n"));
        Assert.That(Send("EXEC"), Is.EqualTo(Aborted));
    }

    private string Send(string request)
    {
        Assert.That(_client.Request(request), "taken");
        return _client.TakeSent();
    }
}
