using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Proxy.IntegrationTests.Sessions;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Users;

/// <summary>Users of the proxy are answered as a Redis with the same users by ACL answers them.</summary>
public sealed class UserTests
{
    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("hashed")));

    private readonly TempFolder _folder = new();
    private RedisServer _server = null!;
    private RedisServer _plain = null!;
    private ProxyProcess _proxy = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _plain = RedisServer.Start();
        File.WriteAllText(_folder["secret"], "filed\n");
        _proxy = ProxyProcess.Start(RedisTopology.File(
            [_server.Address],
            "redis_db: 0",
            "users:",
            "  default: { password: main }",
            "  reader: { nopass: true, commands: [\"+@read\", \"+@connection\", \"+@transaction\"] }",
            "  writer: { password: [one, two], commands: [\"+@all\", \"-@dangerous\", \"-get\"], keys: [\"app:*\", \"%R~in:*\", \"%W~out:*\"] }",
            $"  hashed: {{ password_hash: {Hash}, commands: [\"-@all\", ping, \"client|setname\", \"+acl|whoami\"] }}",
            $"  filed: {{ password_file: {_folder["secret"]}, read_only: true }}",
            "  inner: { password: i, server_user: confined, server_password: c }"));
        foreach (var rule in new[]
        {
            "reader on nopass -@all +@read +@connection +@transaction ~* &*",
            "writer on >one >two +@all -@dangerous -get ~app:* %R~in:* %W~out:* &*",
            "hashed on >hashed -@all +ping +client|setname +acl|whoami ~* &*",
            "default on >main",
        })
        {
            using var plain = _plain.Connect();
            Assert.That(plain.Call(["ACL", "SETUSER", .. rule.Split(' ')]), Is.EqualTo("+OK\r\n"));
        }

        Assert.That(_server.Call("ACL", "SETUSER", "confined", "on", ">c", "+@all", "~c:*", "&*"), Is.EqualTo("+OK\r\n"));
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy?.Dispose();
        _plain?.Dispose();
        _server?.Dispose();
        _folder.Dispose();
    }

    // Logging in
    [TestCase("PING|GET a|ACL WHOAMI|CLIENT GETNAME|EXEC|NOSUCH|GET")]
    [TestCase("AUTH main|ACL WHOAMI|AUTH wrong|ACL WHOAMI|AUTH writer one|ACL WHOAMI|AUTH writer two|AUTH writer three|ACL WHOAMI|AUTH nobody x|AUTH a b c")]
    [TestCase("AUTH reader anything|ACL WHOAMI|AUTH default main|ACL WHOAMI|AUTH hashed hashed|ACL WHOAMI")]
    [TestCase("HELLO 3 AUTH writer one|ACL WHOAMI|HELLO 2 AUTH writer no|ACL WHOAMI|RESET|ACL WHOAMI|AUTH main|ACL WHOAMI")]

    // Commands
    [TestCase("AUTH reader x|GET a|SET a 1|HGETALL h|PING|CLIENT SETNAME me|CLIENT LIST x|MULTI|GET a|EXEC|SUBSCRIBE a|FLUSHALL|EVAL return(1) 1 a")]
    [TestCase("AUTH hashed hashed|PING|CLIENT SETNAME me|CLIENT GETNAME|CLIENT ID|GET a|ECHO x|MULTI|HELLO 2|AUTH main|GET a")]
    [TestCase("AUTH writer one|SET app:a 1|GET app:a|GETRANGE app:a 0 -1|FLUSHALL|KEYS *|CLIENT KILL x")]

    // Keys
    [TestCase("AUTH writer one|SET b 1|MSET app:a 1 b 2|MGET app:a app:b|MGET app:a in:b|STRLEN in:a|APPEND in:a x|SET in:a 1|SET out:a 1|STRLEN out:a|SET out:a 1 GET|SET out:a get|BITFIELD in:a GET u8 0|BITFIELD in:a SET u8 0 1|BITFIELD out:a SET u8 0 1|BITFIELD_RO in:a GET u8 0|GETSET out:a 1")]
    [TestCase("AUTH writer one|SET app:a 1|COPY app:a out:a|COPY in:a app:b|COPY app:a in:a|COPY out:a app:c|EXISTS b|EXISTS out:a|DEL in:a|RENAME app:a out:b|OBJECT ENCODING in:a")]
    [TestCase("AUTH writer one|SET app:a 1|EVAL return(1) 1 app:a|EVAL return(1) 1 b|EVAL return(1) 9 b|LPUSH app:l 2 1|SORT app:l|SORT app:l BY w*|SORT app:l GET x|SORT app:l BY nosort|SORT app:l STORE in:l")]
    [TestCase("AUTH writer one|XADD in:x * f v|XREAD STREAMS in:x 0|XREAD STREAMS b 0|ZADD app:z 1 m|ZUNIONSTORE out:z 2 app:z in:z|ZUNIONSTORE out:z 2 app:z out:z|SINTERSTORE app:s in:s")]

    // Transactions
    [TestCase("AUTH writer one|MULTI|SET app:a 1|SET b 1|EXEC|STRLEN app:a|MULTI|GET app:a|EXEC|MULTI|SET app:a 2|EXEC")]
    [TestCase("AUTH hashed hashed|EXEC|DISCARD|AUTH reader x|MULTI|AUTH writer one|ACL WHOAMI|EXEC|ACL WHOAMI")]
    public void Conversation_IsTheOneOfPlainRedisWithTheSameUsers(string script)
    {
        using (var cleaner = _plain.Connect())
        {
            cleaner.Call("AUTH", "main");
            cleaner.Call("FLUSHALL");
        }

        _server.Call("FLUSHALL");
        using var plain = _plain.Connect();
        using var client = _proxy.Connect();

        Assert.That(Run(client, script), Is.EqualTo(Run(plain, script)));
    }

    [Test]
    public void PasswordOfAFile_LogsInAndReadOnlyReads()
    {
        using var client = _proxy.Connect();

        Assert.That(
            Run(client, "AUTH filed filed|GET a|SET a 1|EVAL return(1) 1 a|EVAL_RO return(1) 1 a"),
            Is.EqualTo("+OK\r\n$-1\r\n-NOPERM this user has no permissions to run the 'set' command\r\n"
                + "-NOPERM this user has no permissions to run the 'eval' command\r\n:1\r\n"));
    }

    [Test]
    public void ServerUser_ConfinesScriptsToo()
    {
        using var client = _proxy.Connect();
        using var other = _proxy.Connect();
        other.Call("AUTH", "main");

        Assert.That(client.Call("AUTH", "inner", "i"), Is.EqualTo("+OK\r\n"));
        Assert.That(client.Call("SET", "c:a", "1"), Is.EqualTo("+OK\r\n"));
        Assert.That(client.Call("SET", "d:a", "1"), Does.StartWith("-NOPERM "));
        Assert.That(client.Call("EVAL", "return redis.call('SET','d:a','1')", "1", "c:a"), Does.StartWith("-ERR The user executing the script can't access"));
        Assert.That(other.Call("GET", "d:a"), Is.EqualTo("$-1\r\n"));
        Assert.That(client.Call("AUTH", "main"), Is.EqualTo("+OK\r\n"));
        Assert.That(client.Call("SET", "d:a", "1"), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void ClientListAndKill_KnowUsers()
    {
        using var client = _proxy.Connect();
        using var other = _proxy.Connect();
        client.Call("AUTH", "main");
        other.Call("AUTH", "writer", "one");

        Assert.That(client.Call("CLIENT", "LIST"), Does.Contain(" user=writer ").And.Contain(" user=default "));
        Assert.That(client.Call("CLIENT", "KILL", "USER", "writer"), Is.EqualTo(":1\r\n"));
        Assert.That(other.ReadToEnd(), Is.Empty);
        Assert.That(client.Call("CLIENT", "KILL", "USER", "nobody"), Is.EqualTo("-ERR No such user 'nobody'\r\n"));
    }

    // Before a client is logged in it is told so by a script's end as well.
    private static string Run(RespClient client, string script)
    {
        var requests = script.Split('|');
        client.Send([.. requests.SelectMany(request => RespFrame.Request(request.Split(' ')))]);
        return Script.Masked(client.ReadReplies(requests.Length));
    }
}
