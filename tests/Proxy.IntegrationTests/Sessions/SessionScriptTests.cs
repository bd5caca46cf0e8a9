using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Sessions;

/// <summary>Whole conversations, sent at once to the proxy and to a plain Redis: what comes back is the same byte for byte.</summary>
public sealed class SessionScriptTests() : TopologyTests(servers: 1)
{
    private RedisServer _plain = null!;

    [OneTimeSetUp]
    public void StartPlain() => _plain = RedisServer.Start();

    [OneTimeTearDown]
    public void EndPlain() => _plain?.Dispose();

    [SetUp]
    public void EmptyPlain() => _plain.Call("FLUSHALL");

    // Databases
    [TestCase("SET a 0|SELECT 1|GET a|SET a 1|SELECT 0|GET a|SELECT 99|GET a|SWAPDB 0 1|GET a|SELECT 1|GET a")]
    [TestCase("SET a 0|MOVE a 1|MOVE a 1|GET a|SELECT 1|GET a|MOVE a 1|MOVE a 99|MOVE a x|COPY a b DB 0|SELECT 0|GET b|COPY b b DB 99")]
    [TestCase("SWAPDB 0 0|SWAPDB x 0|SWAPDB 0 x|SWAPDB 0 99|SWAPDB -1 0|SWAPDB 0")]

    // RESET
    [TestCase("HELLO 3 SETNAME me|SELECT 5|SET a 5|RESET|CLIENT GETNAME|GET a|HGETALL a|SELECT 5|GET a|RESET x")]
    [TestCase("CLIENT REPLY OFF|SELECT 3|HELLO 3|SET a 1|RESET|GET a|SELECT 3|GET a")]
    [TestCase("CLIENT REPLY SKIP|RESET|PING|GET a")]

    // CLIENT REPLY
    [TestCase("CLIENT REPLY ON|SET a 1|CLIENT REPLY OFF|SET a 2|GET a|NOSUCH|GET|SELECT 99|CLIENT REPLY ON|GET a")]
    [TestCase("CLIENT REPLY SKIP|SET a 1|GET a|CLIENT REPLY SKIP|NOSUCH|GET a|CLIENT REPLY SKIP|CLIENT REPLY SKIP|PING|PING")]
    [TestCase("CLIENT REPLY OFF|CLIENT REPLY SKIP|PING|PING|CLIENT REPLY ON|PING")]
    [TestCase("CLIENT REPLY SKIP|CLIENT REPLY ON|PING|CLIENT REPLY SKIP|CLIENT REPLY BAD|PING|CLIENT REPLY|CLIENT REPLY ON x")]
    [TestCase("HELLO 3|CLIENT REPLY SKIP|HELLO 2|HGETALL a|CLIENT REPLY OFF|HELLO 3|CLIENT REPLY ON|HGETALL a")]
    [TestCase("CLIENT REPLY SKIP|AUTH nobody x|PING|CLIENT REPLY SKIP|ECHO hidden|ECHO seen")]

    // Blocking commands
    [TestCase("MULTI|BLPOP l 0|BLMOVE l l LEFT LEFT 0|BZPOPMIN z 0|XREAD BLOCK 0 STREAMS x $|RPUSH l a|BRPOP l 0|EXEC|LLEN l")]
    [TestCase("HELLO 3|MULTI|BLPOP l 0|BLMOVE l l LEFT LEFT 0|EXEC|BLPOP l 0.01|SELECT 1|RPUSH l a|BLPOP l 0|BLPOP l 0.01|SELECT 0|BLPOP l 0.01")]
    [TestCase("CLIENT REPLY SKIP|BLPOP l 0.01|PING|RPUSH l a b|CLIENT REPLY SKIP|BLPOP l 0|LRANGE l 0 -1|BLPOP l|BLPOP l m 0|SET s v|BLPOP s 0")]

    // HELLO, and what the proxy answers itself in both versions
    [TestCase("HELLO|HELLO 3|HELLO|HELLO 2|HELLO 3 AUTH default x SETNAME a|CLIENT GETNAME|HELLO 3 SETNAME b BAD|CLIENT GETNAME")]
    [TestCase("HELLO 2 AUTH nobody x SETNAME me|CLIENT GETNAME|HELLO 3 AUTH default x AUTH nobody y|HELLO 9|HELLO -1|HELLO 03|HELLO +3|HELLO 3 setname c|CLIENT GETNAME")]
    [TestCase("HELLO 3|CLIENT GETNAME|PING|PING x|ECHO x|ROLE|COMMAND COUNT|COMMAND INFO get nosuch|COMMAND GETKEYS MSET a 1 b 2|COMMAND GETKEYSANDFLAGS SET a 1")]
    [TestCase("HELLO 3|COMMAND DOCS get mget|COMMAND INFO hset xread|COMMAND GETKEYS GET|READONLY")]

    // Types of RESP3
    [TestCase("HELLO 3|GET a|MGET a b|HSET h f v|HGETALL h|HMGET h f g|SADD s 1 2|SMEMBERS s|ZADD z 1.5 m|ZSCORE z m|ZSCORE z n|ZRANGE z 0 -1 WITHSCORES")]
    [TestCase("HELLO 3|XADD x 1-1 f v|XREAD STREAMS x 0|XINFO STREAM x|LPOP l|LPOP l 2|ZPOPMIN z|ZADD z INCR 1 m|SPOP s|SPOP s 1|CONFIG x")]
    [TestCase("HELLO 3|EVAL return{double=1.25} 1 a|EVAL return{map={a=1}} 1 a|EVAL return{set={a=true}} 1 a|EVAL return{big_number='12345'} 1 a|EVAL return(true) 1 a")]
    [TestCase("HELLO 3|EVAL redis.setresp(3);return(true) 1 a|EVAL return{verbatim_string={format='txt',string='x'}} 1 a|EVAL return{err='BAD'} 1 a|EVAL return(nil) 1 a")]
    public void Conversation_IsTheOneOfPlainRedis(string script)
    {
        using var plain = _plain.Connect();

        Assert.That(Script.Run(Client, script), Is.EqualTo(Script.Run(plain, script)));
    }

    [Test]
    public void ManyRequestsWithoutReplies_EndWithTheReplyThatIsWanted()
    {
        var requests = Enumerable.Range(0, 1000).Select(i => $"SET a {i}");
        var script = string.Join('|', ["CLIENT REPLY OFF", .. requests, "MGET a b", "CLIENT REPLY ON", "GET a"]);

        Assert.That(Script.Run(Client, script), Is.EqualTo("+OK\r\n$3\r\n999\r\n"));
    }

    [Test]
    public void LargeValueThatIsNotWanted_IsReadAndDropped()
    {
        Client.Call("SET", "a", new string('x', 5_000_000));

        Assert.That(Script.Run(Client, "CLIENT REPLY SKIP|GET a|CLIENT REPLY SKIP|MGET a a a|PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void ProtocolErrorOfAClientWithoutReplies_ClosesWithoutAWord()
    {
        Client.Send([.. RespFrame.Request("CLIENT", "REPLY", "OFF"), .. "*1\r\n$x\r\n"u8]);

        Assert.That(Client.ReadToEnd(), Is.Empty);
    }

    [TestCase("INFO server")]
    [TestCase("LOLWUT")]
    [TestCase("CLIENT INFO")]
    public void TextForPeople_IsVerbatimInResp3(string command)
    {
        using var plain = _plain.Connect();
        plain.Call("HELLO", "3");
        Client.Call("HELLO", "3");

        Assert.That(plain.Call(command.Split(' ')), Does.Match("^=[0-9]+\r\ntxt:"), "plain Redis");
        Assert.That(Client.Call(command.Split(' ')), Does.Match("^=[0-9]+\r\ntxt:"));
    }
}
