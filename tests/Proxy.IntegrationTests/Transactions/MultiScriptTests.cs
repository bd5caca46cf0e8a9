using NUnit.Framework;
using Proxy.IntegrationTests.Sessions;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transactions;

/// <summary>Conversations with transactions, sent at once to the proxy and to a plain Redis, in both versions: every reply is the same.</summary>
[TestFixture("2")]
[TestFixture("3")]
public sealed class MultiScriptTests(string version) : TopologyTests(servers: 1)
{
    private RedisServer _plain = null!;

    [OneTimeSetUp]
    public void StartPlain() => _plain = RedisServer.Start();

    [OneTimeTearDown]
    public void EndPlain() => _plain?.Dispose();

    [SetUp]
    public void EmptyPlain() => _plain.Call("FLUSHALL");

    // What is queued
    [TestCase("MULTI|SET a 1|GET a|INCR a|EXEC|GET a")]
    [TestCase("MULTI|EXEC|MULTI|DISCARD|EXEC|DISCARD|MULTI|SET a 1|DISCARD|GET a")]
    [TestCase("SET a x|MULTI|INCR a|LPUSH a 1|SET b 2|GET b|EXEC|GET b")]
    [TestCase("MULTI|MGET a b|MSET a 1 b 2|DEL a|EXISTS a b|EXEC|multi|sEt a 1|exec")]
    [TestCase("MULTI|HSET h f v|HGETALL h|SADD s 1 2|SMEMBERS s|ZADD z 1.5 m|ZSCORE z m|GET nosuch|LPOP nosuch 1|EXEC")]
    [TestCase("MULTI|XADD x 1-1 f v|XREAD BLOCK 0 STREAMS x 1-1|XREAD COUNT 1 STREAMS x 0|EXEC")]
    [TestCase("MULTI|EVAL return(redis.call('INCR',KEYS[1])) 1 a|EVAL return(1) 0|EVAL x 9 k|EVAL x -1 k|MSET a b c|EXEC")]

    // Errors while queueing
    [TestCase("MULTI|MULTI|SET a 1|EXEC|MULTI|WATCH a|SET a 2|EXEC|GET a")]
    [TestCase("MULTI|NOSUCH|SET a 1|EXEC|GET a|EXEC")]
    [TestCase("MULTI|SET a|SET a 1|EXEC|GET a|MULTI|GET a|EXEC")]
    [TestCase("MULTI|CLIENT NOSUCH|SET a 1|EXEC|GET a")]
    [TestCase("MULTI|MULTI x|EXEC|MULTI|DISCARD x|EXEC|MULTI|WATCH|EXEC|MULTI|NOSUCH|DISCARD|EXEC")]
    [TestCase("EXEC x|MULTI|SET a 1|EXEC x|EXEC|GET a|EXEC|DISCARD")]
    [TestCase("MULTI|SHUTDOWN x|EXEC|MULTI|SYNC|SET a 1|EXEC|GET a")]

    // What the proxy answers itself
    [TestCase("MULTI|PING|PING x|PING x y|ECHO x|EXEC|MULTI|UNWATCH|ROLE|CLIENT GETNAME|READONLY|COMMAND COUNT|EXEC")]
    [TestCase("MULTI|SET a 1|CLIENT GETNAME|GET a|CLIENT SETNAME me|CLIENT GETNAME|INCR a|PING|EXEC|CLIENT GETNAME|GET a")]
    [TestCase("MULTI|CLIENT SETNAME x!|PING|HSET h f v|COMMAND GETKEYS GET|HGETALL h|EXEC|CLIENT GETNAME")]
    [TestCase("MULTI|AUTH x|AUTH default x|AUTH nobody x|GET a|EXEC|MULTI|HELLO 9|HELLO x|PING|EXEC")]

    // Databases
    [TestCase("MULTI|SET a 0|SELECT 3|SET a 3|GET a|SELECT 99|GET a|EXEC|GET a|SELECT 0|GET a")]
    [TestCase("SET a 0|MULTI|SELECT x|SELECT 1|SELECT 0|SET b 1|EXEC|GET b|MULTI|SELECT 2|NOSUCH|EXEC|GET a|MULTI|SELECT 2|DISCARD|GET a")]
    [TestCase("SELECT 5|MULTI|SET a 5|SELECT 6|PING|SET a 6|EXEC|GET a|SELECT 5|GET a|MULTI|SWAPDB 5 6|EXEC|GET a")]

    // With the rest of a session
    [TestCase("CLIENT REPLY SKIP|MULTI|SET a 1|EXEC|MULTI|CLIENT REPLY BAD x|EXEC")]
    [TestCase("MULTI|SET a 1|RESET|EXEC|GET a|MULTI|NOSUCH|RESET|MULTI|GET a|EXEC")]
    [TestCase("MULTI|SET a 1|EXEC|MULTI|SET a 2|EXEC|GET a|MULTI|GET a|EXEC|GET a|MULTI|INCR a|EXEC")]
    public void Conversation_IsTheOneOfPlainRedis(string script)
    {
        using var plain = _plain.Connect();
        script = $"HELLO {version}|{script}";

        Assert.That(Script.Run(Client, script), Is.EqualTo(Script.Run(plain, script)));
    }

    [Test]
    public void LargeTransaction_RunsWhole()
    {
        const int Count = 20_000;
        var large = new string('x', 3_000_000);
        Client.Send([
            .. RespFrame.Request("MULTI"), .. RespFrame.Request("SET", "large", large),
            .. Enumerable.Range(0, Count).SelectMany(_ => RespFrame.Request("INCR", "a")), .. RespFrame.Request("EXEC"),
        ]);

        Assert.That(Client.ReadReply(), Is.EqualTo("+OK\r\n"));
        Assert.That(Client.ReadReplies(Count + 1), Is.EqualTo(string.Concat(Enumerable.Repeat("+QUEUED\r\n", Count + 1))));
        var elements = Enumerable.Range(1, Count).Select(i => $":{i}\r\n");
        Assert.That(Client.ReadReply(), Is.EqualTo($"*{Count + 1}\r\n+OK\r\n{string.Concat(elements)}"));
        Assert.That(Client.Call("GET", "large"), Is.EqualTo($"$3000000\r\n{large}\r\n"));
    }

    [TestCase("CLIENT INFO")]
    [TestCase("INFO server")]
    [TestCase("TIME")]
    public void CommandAboutTheProxyInATransaction_StandsInItsPlace(string command)
    {
        Client.Call("MULTI");
        Client.Call("SET", "a", "1");
        Client.Call(command.Split(' '));
        Client.Call("GET", "a");

        Assert.That(Client.Call("EXEC"), Does.Match("^\\*3\r\n\\+OK\r\n[$=*](?s:.*)\\$1\r\n1\r\n$"));
    }

    [TestCase("CLIENT REPLY OFF")]
    [TestCase("HELLO other")]
    public void CommandThatWouldChangeTheRepliesOfTheTransaction_IsRefused(string command)
    {
        Client.Call("HELLO", version);
        Client.Call("MULTI");

        Assert.That(
            Client.Call(command.Replace("other", version == "2" ? "3" : "2").Split(' ')), Is.EqualTo("-ERR Command not allowed inside a transaction\r\n"));
        Assert.That(Client.Call("EXEC"), Is.EqualTo("-EXECABORT Transaction discarded because of previous errors.\r\n"));
    }

    [Test]
    public void ClientInfo_ShowsTheTransaction()
    {
        Client.Call("MULTI");
        Client.Call("SET", "a", "1");
        Client.Call("CLIENT", "INFO");

        Assert.That(Client.Call("EXEC"), Does.Contain(" multi=-1 "));
    }

    [Test]
    public void ClientThatLeavesWithATransactionOpen_HasRunNothing()
    {
        using (var other = Topology.Connect())
        {
            other.Call("MULTI");
            other.Call("SET", "a", "1");
        }

        using (var quitting = Topology.Connect())
        {
            quitting.Call("MULTI");
            quitting.Call("SET", "a", "1");
            Assert.That(quitting.Call("QUIT"), Is.EqualTo("+OK\r\n"));
        }

        Assert.That(Client.Call("EXISTS", "a"), Is.EqualTo(":0\r\n"));
    }
}
