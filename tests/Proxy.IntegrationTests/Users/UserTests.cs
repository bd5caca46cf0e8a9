using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Proxy.IntegrationTests.Sessions;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Users;

/// <summary>Users of the proxy are answered as a Redis with the same users by ACL answers them, in both versions.</summary>
[TestFixture("2")]
[TestFixture("3")]
public sealed class UserTests(string version)
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
            "  sorter: { password: s, keys: [\"app:*\"] }",
            $"  hashed: {{ password_hash: {Hash}, commands: [\"-@all\", ping, \"client|setname\", \"+acl|whoami\"] }}",
            $"  filed: {{ password_file: {_folder["secret"]}, read_only: true }}",
            "  inner: { password: i, server_user: confined, server_password: c }",
            "  lost: { password: l, server_user: confined2, server_password: x }"));
        foreach (var rule in new[]
        {
            "reader on nopass -@all +@read +@connection +@transaction ~* &*",
            "writer on >one >two +@all -@dangerous -get ~app:* %R~in:* %W~out:* &*",
            "sorter on >s +@all ~app:* &*",
            "hashed on >hashed -@all +ping +client|setname +acl|whoami ~* &*",
            "default on >main",
        })
        {
            using var plain = _plain.Connect();
            Assert.That(plain.Call(["ACL", "SETUSER", .. rule.Split(' ')]), Is.EqualTo("+OK\r\n"));
        }

        Assert.That(_server.Call("ACL", "SETUSER", "confined", "on", ">c", "+@all", "-client|unblock", "~c:*", "&*"), Is.EqualTo("+OK\r\n"));
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

    // Words that end with a zero byte, written as ^, are the same words to Redis.
    [TestCase("AUTH writer one|XADD app:x 1-1 f v|XREAD STREAMS^ app:x 0|XREAD STREAMS^ b 0|XREAD COUNT^ 1 STREAMS^x b 0|SET out:a 1 GET^|SET app:a 1 get^x|BITFIELD in:a GET^ u8 0|BITFIELD in:a SET^ u8 0 1")]
    [TestCase("AUTH sorter s|LPUSH app:l 2 1|SORT app:l BY nosort GET^ b|SORT app:l BY^ w*|SORT app:l LIMIT^ 0 1|SORT app:l STORE^ b|SORT app:l STORE^ app:m|LRANGE app:m 0 -1")]
    [TestCase("AUTH writer one|GEOADD app:g 1 1 m|GEORADIUS app:g 1 1 1 km STORE^ b|GEORADIUSBYMEMBER app:g m 1 km STOREDIST^x b|GEORADIUS app:g 1 1 1 km STORE^ app:h")]

    // Transactions
    [TestCase("AUTH writer one|MULTI|SET app:a 1|SET b 1|EXEC|STRLEN app:a|MULTI|GET app:a|EXEC|MULTI|SET app:a 2|EXEC")]
    [TestCase("AUTH writer one|LPUSH app:l 2 1|MULTI|SORT app:l BY w*|SORT app:l GET x|SORT app:l BY nosort|EXEC|SORT app:l BY w*")]
    [TestCase("AUTH default main|MULTI|SET b 1|AUTH writer one|SET app:a 1|SET c 1|SORT b BY w*|GET b|AUTH reader x|SET app:a 2|GET b|PING|EXEC|ACL WHOAMI|GET c")]
    [TestCase("AUTH default main|MULTI|AUTH reader x|SET a 1|EXEC|ACL WHOAMI|GET a|MULTI|AUTH hashed hashed|GET a|ECHO x|PING|AUTH reader x|GET a|EXEC")]
    [TestCase("AUTH default main|MULTI|HELLO {0} AUTH reader x SETNAME me|SET a 1|PING|GET a|EXEC|ACL WHOAMI|CLIENT GETNAME")]
    [TestCase("AUTH default main|MULTI|HELLO {0} AUTH reader x AUTH nobody y|SET a 1|HELLO {0} AUTH writer two BAD|SET b 1|EXEC|ACL WHOAMI")]
    [TestCase("AUTH default main|MULTI|AUTH nobody x|SET a 1|AUTH a b c|AUTH wrong|SET b 1|EXEC|ACL WHOAMI|MGET a b")]
    [TestCase("AUTH default main|MULTI|SELECT 3|SET a 3|AUTH writer one|SELECT 4|SET app:a 4|AUTH hashed hashed|SELECT 5|EXEC|ACL WHOAMI|AUTH main|MGET a app:a")]
    [TestCase("AUTH default main|WATCH a|MULTI|AUTH reader x|SET a 1|EXEC|GET a|AUTH main|WATCH a|SET a 1|MULTI|AUTH reader x|SET a 2|EXEC|ACL WHOAMI")]
    [TestCase("AUTH writer one|WATCH b|WATCH app:a|MULTI|SET app:a 1|EXEC|WATCH in:a|WATCH out:a|UNWATCH")]
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

        // In version 3 the first login is part of HELLO.
        script = string.Format(script, version);
        if (version == "3" && script.StartsWith("AUTH ", StringComparison.Ordinal) && script.Split('|')[0].Split(' ').Length == 3)
        {
            script = $"HELLO 3 {script}";
        }

        Assert.That(Run(client, script), Is.EqualTo(Run(plain, script)));
    }

    [TestCase("*10\r\n$4\r\nECHO\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n$1\r\n4\r\n$1\r\n5\r\n$1\r\n6\r\n$1\r\n7\r\n$1\r\n8\r\n$1\r\n9\r\n")]
    [TestCase("*11\r\n")]
    [TestCase("*2\r\n$4\r\nECHO\r\n$16385\r\n")]
    [TestCase("*2\r\n$16385\r\n")]
    [TestCase("*3\r\n$4\r\nAUTH\r\n$7\r\ndefault\r\n$4\r\nmain\r\n*11\r\n$4\r\nMGET\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n$1\r\n4\r\n$1\r\n5\r\n$1\r\n6\r\n$1\r\n7\r\n$1\r\n8\r\n$1\r\n9\r\n$1\r\n0\r\n")]
    [TestCase("*3\r\n$4\r\nAUTH\r\n$7\r\ndefault\r\n$4\r\nmain\r\n*1\r\n$5\r\nRESET\r\n*11\r\n")]
    public void LimitsBeforeLogin_AreThoseOfPlainRedis(string bytes)
    {
        using var plain = _plain.Connect();
        using var client = _proxy.Connect();
        foreach (var one in new[] { plain, client })
        {
            one.Send(bytes);
            one.HalfClose();
        }

        Assert.That(client.ReadToEnd(), Is.EqualTo(plain.ReadToEnd()));
    }

    [Test]
    public void BulkOfTheLargestLengthBeforeLogin_IsRead()
    {
        using var plain = _plain.Connect();
        using var client = _proxy.Connect();
        string[] words = ["ECHO", new('x', 16384)];

        Assert.That(client.Call(words), Is.EqualTo(plain.Call(words)).And.StartsWith("-NOAUTH "));
    }

    [TestCase("AUTH writer {0}")]
    [TestCase("HELLO 3 AUTH writer {0}")]
    public void WrongPasswordsInARow_SlowDownWhoTriesThemAndNobodyElse(string command)
    {
        using var client = _proxy.Connect();
        using var other = _proxy.Connect();
        other.Call("AUTH", "main");
        for (var i = 0; i < 9; i++)
        {
            client.Call(string.Format(command, i).Split(' '));
        }

        Assert.That(client.Call("AUTH", "writer", "one"), Is.EqualTo("+OK\r\n"), "the right one counts from the beginning");
        for (var i = 0; i < 10; i++)
        {
            client.Call(string.Format(command, i).Split(' '));
        }

        var clock = Stopwatch.StartNew();
        client.SendCommand("AUTH", "writer", "one");
        other.Call("PING");
        var othersTime = clock.Elapsed;

        Assert.That(client.ReadReply(), Is.EqualTo("+OK\r\n"));
        Assert.That(clock.Elapsed, Is.GreaterThan(TimeSpan.FromMilliseconds(900)));
        Assert.That(othersTime, Is.LessThan(TimeSpan.FromMilliseconds(900)));
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
    public void BlockedAsAServerUserThatMayNotUnblock_IsUnblockedAllTheSame()
    {
        using var client = _proxy.Connect();
        using var other = _proxy.Connect();
        client.Call("AUTH", "inner", "i");
        other.Call("AUTH", "main");
        var id = client.Call("CLIENT", "ID").Trim()[1..];

        client.SendCommand("BLPOP", "c:l", "0");

        Eventually.Equal(() => other.Call("CLIENT", "UNBLOCK", id), ":1\r\n", "the client is blocked");
        Assert.That(client.ReadReply(), Is.EqualTo("*-1\r\n"));
    }

    [Test]
    public void ServerUserThatTheServerDoesNotTake_FailsItsRequestsAndNobodyElses()
    {
        using var client = _proxy.Connect();
        using var other = _proxy.Connect();
        other.Call("AUTH", "main");

        Assert.That(client.Call("AUTH", "lost", "l"), Is.EqualTo("+OK\r\n"));
        Assert.That(
            client.Call("GET", "a"),
            Does.StartWith("-ERR backend authentication failed: WRONGPASS invalid username-password pair or user is disabled. (pool main, server shard0"));
        Assert.That(other.Call("SET", "a", "1"), Is.EqualTo("+OK\r\n"));
        Assert.That(client.Call("PING"), Is.EqualTo("+PONG\r\n"));
        Assert.That(client.Call("AUTH", "main"), Is.EqualTo("+OK\r\n"));
        Assert.That(client.Call("GET", "a"), Is.EqualTo("$1\r\n1\r\n"));
    }

    [Test]
    public void RequestsAroundALoginAsAnotherServerUser_RunInTheirOrder()
    {
        using var client = _proxy.Connect();

        Assert.That(
            Run(client, "AUTH main|SET c:a 0|INCR c:a|AUTH inner i|INCR c:a|WATCH c:a|MULTI|INCR c:a|EXEC|WATCH c:a|AUTH main|MULTI|GET c:a|EXEC|INCR c:a"),
            Is.EqualTo("+OK\r\n+OK\r\n:1\r\n+OK\r\n:2\r\n+OK\r\n+OK\r\n+QUEUED\r\n*1\r\n:3\r\n+OK\r\n+OK\r\n+OK\r\n+QUEUED\r\n*-1\r\n:4\r\n"));
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
        client.Send([.. requests.SelectMany(request => RespFrame.Request(request.Replace('^', '\0').Split(' ')))]);
        return Script.Masked(client.ReadReplies(requests.Length));
    }
}
