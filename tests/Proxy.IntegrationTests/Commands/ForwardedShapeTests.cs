using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Commands;

/// <summary>
/// A command whose keys all live on one server goes there, wherever in the command its keys stand. Every sequence runs on the proxy and on
/// a plain Redis, with equal replies, and leaves no key on a server other than its own.
/// </summary>
public sealed class ForwardedShapeTests() : TopologyTests(servers: 3)
{
    /// <summary>Commands parted by <c>;</c>, words by spaces; <c>@</c> stands for a hash tag of the second server.</summary>
    private static readonly string[] Sequences =
    [
        "SET @a 5 EX 1000; GETEX @a PERSIST; INCRBYFLOAT @a 1.5; GETRANGE @a 0 0; SETRANGE @a 3 x; GETDEL @a",
        "MSETNX @a 1 @b 2; RENAME @a @c; RENAMENX @b @c; COPY @c @d REPLACE; LCS @c @d LEN; OBJECT ENCODING @c; TYPE @c; EXISTS @a @b @c",
        "SETBIT @a 1 1; SETBIT @b 2 1; BITOP OR @c @a @b; "
            + "BITCOUNT @c; BITPOS @c 1; BITFIELD @c SET u8 0 200 GET u8 0; BITFIELD_RO @c GET u8 0",
        "RPUSH @l 3 1 2; SORT @l; SORT @l BY nosort GET # STORE @s; LRANGE @s 0 -1; SORT_RO @l DESC LIMIT 0 2; LMPOP 2 @x @l LEFT COUNT 1",
        "RPUSH @l a b c; LMOVE @l @m LEFT RIGHT; RPOPLPUSH @l @m; LINSERT @m BEFORE a x; LPOS @m a; LREM @m 0 x; LRANGE @m 0 -1",
        "SADD @a 1 2 3; SADD @b 2 3 4; SINTER @a @b; SINTERCARD 2 @a @b LIMIT 1; "
            + "SUNIONSTORE @c @a @b; SDIFF @a @b; SMOVE @a @b 1; SCARD @c",
        "ZADD @a 1 x 2 y; ZADD @b 5 y 6 z; ZUNION 2 @a @b WITHSCORES; ZINTER 2 @a @b; ZDIFF 2 @a @b; ZINTERCARD 2 @a @b",
        "ZADD @a 1 x 2 y; ZADD @b 5 y; ZUNIONSTORE @c 2 @a @b WEIGHTS 2 3 AGGREGATE MAX; ZINTERSTORE @d 2 @a @b; ZDIFFSTORE @e 2 @a @b",
        "ZADD @a 1 x 2 y 3 z; ZRANGESTORE @b @a 0 1; ZMPOP 2 @none @b MIN COUNT 2; "
            + "ZRANGEBYSCORE @a (1 3 LIMIT 0 1; ZADD @a INCR 5 x; ZRANK @a x",
        "XADD @x 1-1 f v; XADD @x 2-1 f w; XREAD COUNT 1 STREAMS @x @y 0 0; XRANGE @x - +; XGROUP CREATE @x g 0; XLEN @x",
        "XADD @x 1-1 f v; XGROUP CREATE @x g 0; XREADGROUP GROUP g c COUNT 1 STREAMS @x >; "
            + "XACK @x g 1-1; XINFO STREAM @x; XTRIM @x MAXLEN 0",
        "GEOADD @g 13.361389 38.115556 p 15.087269 37.502669 c; GEODIST @g p c km; "
            + "GEORADIUS @g 15 37 200 km STORE @r; ZRANGE @r 0 -1; GEOHASH @g p",
        "GEOADD @g 13.361389 38.115556 p; GEOSEARCHSTORE @h @g FROMLONLAT 15 37 BYRADIUS 300 km; "
            + "GEORADIUSBYMEMBER @g p 1 km STOREDIST @i; ZCARD @i",
        "PFADD @a 1 2; PFADD @b 2 3; PFCOUNT @a @b; PFMERGE @c @a @b; PFCOUNT @c",
        "HSET @h a 1 b 2; HINCRBYFLOAT @h a 0.5; HGETALL @h; HSCAN @h 0 COUNT 10; HRANDFIELD @h 0; HMGET @h a x b; HDEL @h a b",
        "EVAL return{KEYS[1],KEYS[2],ARGV[1]} 2 @a @b v; "
            + "EVAL redis.call('set',KEYS[1],ARGV[1]) 1 @a v; EVAL_RO return(redis.call('get',KEYS[1])) 1 @a",
        "EVAL return{err='MY_mistake'} 1 @a; EVALSHA ffffffffffffffffffffffffffffffffffffffff 2 @a @b x; "
            + "FCALL nosuch 1 @a; FCALL_RO nosuch 1 @a",
        "SET @a x; EXPIREAT @a 33177117420; EXPIRETIME @a; PEXPIRETIME @a; PERSIST @a; TTL @a; OBJECT REFCOUNT @a; STRLEN @a; APPEND @a y",
        "LPUSH @l a; GET @l; INCR @l; HGET @l f; ZADD @l 1 x; SADD @l x; LSET @l 9 x",
        "MGET @a @b; DEL @a @b; UNLINK @a @b; TOUCH @a @b; EXISTS @a @a; MSET @a 1 @b 2; MGET @b @a @none",
    ];

    private RedisServer _plain = null!;

    [OneTimeSetUp]
    public void StartPlainRedis() => _plain = RedisServer.Start();

    [OneTimeTearDown]
    public void EndPlainRedis() => _plain.Dispose();

    [TestCaseSource(nameof(Sequences))]
    public void KeysOfOneServer_AreAnsweredAsByPlainRedis(string sequence)
    {
        _plain.Call("FLUSHALL");
        using var plain = _plain.Connect();
        foreach (var command in sequence.Replace("@", "{1500}", StringComparison.Ordinal).Split("; "))
        {
            var words = command.Split(' ');
            Assert.That(Client.Call(words), Is.EqualTo(plain.Call(words)), command);
        }

        RedisServer[] others = [Servers[0], Servers[2]];
        Assert.That(others.Select(server => server.Call("DBSIZE")), Is.All.EqualTo(":0\r\n"), "keys on other servers");
    }

    [Test]
    public void DumpAndRestore_BinarySafe()
    {
        Client.Call("RPUSH", Key(1), "a", "b\r\nc");
        var dump = Client.Call("DUMP", Key(1));
        var payload = dump[(dump.IndexOf('\n', StringComparison.Ordinal) + 1)..^2];

        Assert.That(Client.Call("RESTORE", Key(2), "0", payload), Is.EqualTo("+OK\r\n"));
        Assert.That(Client.Call("LRANGE", Key(2), "0", "-1"), Is.EqualTo("*2\r\n$1\r\na\r\n$4\r\nb\r\nc\r\n"));
    }
}
