using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Proxy.IntegrationTests.Differential;

/// <summary>
/// Random requests whose replies depend on nothing but the requests before them: no clock, no randomness of the server, and only encodings
/// that keep their order (small sets of integers, small hashes and sorted sets). All keys of a request that cannot be split share a hash
/// tag.
/// </summary>
/// <param name="random">Where the choices come from.</param>
/// <param name="changesSession">Databases and versions of RESP change as well, and there are transactions.</param>
/// <param name="oneServer">The requests may also be such as only one server can answer.</param>
internal sealed class RandomCommands(Random random, bool changesSession, bool oneServer)
{
    /// <summary>A script that <see cref="Prepare"/> loads.</summary>
    private const string Script = "return redis.call('APPEND',KEYS[1],ARGV[1])";

    private const int Tags = 12;

    private static readonly string ScriptDigest = Convert.ToHexStringLower(SHA1.HashData(Encoding.Latin1.GetBytes(Script)));

    /// <summary>
    /// A word beginning with <c>%</c> is replaced: a key of a string, list, hash, set, sorted set, stream or HyperLogLog (<c>%s %l %h %e %z
    /// %x %p</c>) with the request's hash tag, a key of any hash tag (<c>%S</c>), a value, integer, member, field, score, time or bit
    /// (<c>%v %i %m %f %n %t %b</c>), a database (<c>%d</c>).
    /// </summary>
    private static readonly string[][] Templates =
    [
        .. new[]
        {
            "SET %s %v", "SET %s %v", "SET %s %i", "GET %s", "GET %s", "GET %s", "GETDEL %s", "GETSET %s %v", "SETNX %s %v", "APPEND %s %v",
            "STRLEN %s", "INCR %s", "DECRBY %s %i", "INCRBYFLOAT %s %n", "GETRANGE %s %i %i", "SETRANGE %s %b %v", "SET %s %v NX GET",
            "SET %s %v XX KEEPTTL", "SET %s %v EXAT %T", "GETEX %s PXAT %t", "EXPIREAT %s %t", "EXPIRETIME %s", "PERSIST %s", "TYPE %s",
            "OBJECT ENCODING %s", "DUMP %s", "SETBIT %s %b 1", "GETBIT %s %b", "BITCOUNT %s", "BITPOS %s 1", "BITFIELD %s INCRBY u8 %b 7",
            "BITOP XOR %s %s %s", "LCS %s %s", "MSETNX %s %v %s %v", "RENAME %s %s", "RENAMENX %s %s", "COPY %s %s REPLACE", "DEL %s",
            "UNLINK %l", "EXISTS %s %l %h", "MGET %S %S %S", "MGET %S %S %S %S %S %S %S %S", "MSET %S %v %S %v",
            "MSET %S %v %S %i %S %v %S %v", "DEL %S %S %S", "UNLINK %S %S", "EXISTS %S %S %S", "TOUCH %S %S %S", "RPUSH %l %v %v",
            "LPUSH %l %i %v", "LPOP %l", "RPOP %l 2", "LRANGE %l 0 -1", "LRANGE %l %i %i", "LLEN %l", "LINDEX %l %i", "LSET %l %i %v",
            "LREM %l 0 %i", "LINSERT %l BEFORE %i %v", "LTRIM %l 0 20", "LPOS %l %i", "LMOVE %l %l LEFT RIGHT", "RPOPLPUSH %l %l",
            "LMPOP 2 %l %l LEFT", "LPUSHX %l %v", "SORT %l ALPHA", "SORT %e DESC STORE %l", "HSET %h %f %i %f %i", "HGET %h %f",
            "HGETALL %h", "HMGET %h %f %f %f", "HDEL %h %f", "HINCRBY %h %f %i", "HINCRBYFLOAT %h %f %n", "HLEN %h", "HKEYS %h", "HVALS %h",
            "HEXISTS %h %f", "HSETNX %h %f %i", "HSTRLEN %h %f", "HSCAN %h 0 COUNT 100", "SADD %e %m %m %m", "SREM %e %m", "SCARD %e",
            "SISMEMBER %e %m", "SMISMEMBER %e %m %m", "SMEMBERS %e", "SINTER %e %e", "SUNION %e %e", "SDIFF %e %e", "SINTERSTORE %e %e %e",
            "SUNIONSTORE %e %e %e", "SMOVE %e %e %m", "SINTERCARD 2 %e %e LIMIT %m", "SSCAN %e 0 COUNT 600", "ZADD %z %n %f %n %f",
            "ZADD %z GT CH %n %f", "ZINCRBY %z %n %f", "ZSCORE %z %f", "ZMSCORE %z %f %f", "ZRANK %z %f", "ZCARD %z", "ZCOUNT %z -inf %n",
            "ZRANGE %z 0 -1 WITHSCORES", "ZRANGE %z -inf +inf BYSCORE LIMIT 0 3", "ZRANGEBYSCORE %z %n +inf", "ZREVRANGE %z 0 2",
            "ZREM %z %f", "ZREMRANGEBYRANK %z 5 -1", "ZPOPMIN %z", "ZPOPMAX %z 2", "ZUNION 2 %z %z WITHSCORES", "ZINTER 2 %z %z",
            "ZDIFF 2 %z %z", "ZUNIONSTORE %z 2 %z %z WEIGHTS 1 2", "ZINTERSTORE %z 2 %z %z AGGREGATE MAX", "ZRANGESTORE %z %z 0 2",
            "ZMPOP 2 %z %z MAX", "ZINTERCARD 2 %z %z", "ZSCAN %z 0 COUNT 200", "XADD %x %b-%m f %v", "XLEN %x", "XRANGE %x - + COUNT 3",
            "XREVRANGE %x + - COUNT 1", "XREAD COUNT 2 STREAMS %x %x 0 %b", "XDEL %x %b-%m", "XTRIM %x MAXLEN 5", "XINFO STREAM %x",
            "XGROUP CREATE %x g 0 MKSTREAM", "XREADGROUP GROUP g c COUNT 1 STREAMS %x >", "XACK %x g %b-%m", "PFADD %p %m %m",
            "PFCOUNT %p %p", "PFMERGE %p %p %p", "GEOADD %z %n %n %f", "GEODIST %z %f %f",
            "EVAL return(redis.call('INCRBY',KEYS[1],ARGV[1])) 1 %s %i", "EVAL return{KEYS[1],KEYS[2],#ARGV} 2 %s %l %v %v",
            "EVALSHA ffffffffffffffffffffffffffffffffffffffff 1 %s", "RESTORE %s 0 %v", "GET %l", "LPUSH %s %v", "HGET %s %f",
            "ZADD %l %n %f", "INCR %h", "SADD %z %m", "PFADD %l %m", "PING", "PING %v", "ECHO %v", "GET", "SET %s", "MSET %s", "MGET",
            "NOSUCH %v %v", "CLIENT NOSUCH", "EVAL x 9 %s", "EVAL x -1 %s", "SET %s %v BAD", "EXPIRE %s x", "TIME x", "SELECT 0",
            "OBJECT NOSUCH %s", "COMMAND GETKEYS SET %s %v", "COMMAND COUNT", "ROLE", "READONLY", "GEOPOS %z %f %f", "ZADD %z NX INCR %n %f",
            "ZRANGE %z 0 2 WITHSCORES REV", "XINFO GROUPS %x", "COMMAND INFO get nosuch", "CLIENT GETNAME", "EVAL return{double=%n} 1 %s",
            "EVAL return{map={a=%i}} 1 %s", "EVAL return{set={a=true}} 1 %s", "EVAL return{big_number='123'} 1 %s", "EVAL return(true) 1 %s",
            "EVAL redis.setresp(3);return(false) 1 %s", "EVAL redis.setresp(3);return(redis.call('HGETALL',KEYS[1])) 1 %h",
            "EVAL return(nil) 1 %s", "SPOP %e 0", "LMPOP 1 %l LEFT COUNT 2", "ZMPOP 1 %z MIN",
            "EXPIREAT %s %t NX", "EXPIREAT %s %t XX", "EXPIREAT %s %t GT", "PEXPIREAT %h %t123", "PEXPIRETIME %h", "EXPIREAT %z %t LT", "COPY %s %s", "COPY %h %h REPLACE",
            "SORT %l BY nosort LIMIT 0 3", "SORT %l LIMIT 1 4 ALPHA", "SORT_RO %e LIMIT 0 5", "SORT %l GET #", "OBJECT REFCOUNT %h", "OBJECT FREQ %s", "DUMP %l", "TYPE %x", "TYPE %p",
            "EVAL redis.call('RESTORE',KEYS[2],0,redis.call('DUMP',KEYS[1]),'REPLACE') 2 %x %x", "EVALSHA %a 1 %s %f", "EVALSHA %a 1 %s %f", "EVALSHA %a 1 %l %f", "EVALSHA_RO %a 1 %s %f", "FCALL setit 1 %s %v", "FCALL_RO getit 1 %s",
            "FCALL getit 1 %l", "FCALL nosuch 1 %s", "EVAL_RO return(redis.call('GET',KEYS[1])) 1 %s", "EVAL_RO return(redis.call('SET',KEYS[1],1)) 1 %s", "XGROUP CREATECONSUMER %x g %f", "XGROUP DELCONSUMER %x g %f",
            "XGROUP DESTROY %x g", "XGROUP SETID %x g %b-%m", "XREADGROUP GROUP g %f COUNT 2 STREAMS %x %x > >", "XREADGROUP GROUP g %f COUNT 3 STREAMS %x 0", "XCLAIM %x g %f 0 %b-%m %b-%m JUSTID", "XCLAIM %x g %f 0 %b-%m FORCE",
            "XAUTOCLAIM %x g %f 0 0 COUNT 3", "XAUTOCLAIM %x g %f 0 %b-%m JUSTID", "XPENDING %x g", "XSETID %x %b-%m", "XADD %x MAXLEN 4 %b-%m f %i", "XADD %x NOMKSTREAM %b-* f %i", "XTRIM %x MINID %b", "XDEL %x %b-%m %b-%m", "XRANGE %x (%b + COUNT 2",
            "ZRANGEBYLEX %z - + LIMIT 0 3", "ZREVRANGEBYSCORE %z +inf %n WITHSCORES", "ZLEXCOUNT %z - +", "ZREMRANGEBYSCORE %z %n %n", "ZREVRANK %z %f", "ZDIFFSTORE %z 2 %z %z", "LPOS %l %i RANK -1 COUNT 0", "GEOSEARCH %z FROMMEMBER %f BYRADIUS 9000 km ASC",
            "BITFIELD_RO %s GET u8 %b", "SUBSTR %s %i %i", "LCS %s %s LEN", "PSETEX %s -1 %v", "SETEX %s 0 %v", "GETEX %s PERSIST", "MEMORY USAGE %e SAMPLES x", "OBJECT HELP", "COMMAND GETKEYS XREAD STREAMS %x %x 0 0",
            "BLPOP %l %l 0.01", "BRPOP %l 0.01", "BLMOVE %l %l LEFT RIGHT 0.01", "BRPOPLPUSH %l %l 0.01", "BLMPOP 0.01 2 %l %l RIGHT COUNT 2",
            "BZPOPMIN %z %z 0.01", "BZPOPMAX %z 0.01", "BZMPOP 0.01 2 %z %z MIN", "XREAD BLOCK 5 COUNT 2 STREAMS %x %x 0 $",
            "XREADGROUP GROUP g c BLOCK 5 STREAMS %x >", "BLPOP %l -1", "BLPOP %l x", "BLPOP %s 0.01", "BLMPOP 0.01 0 %l LEFT",
        }.Select(template => template.Split(' ')),
    ];

    private static readonly string[][] KeyspaceTemplates =
        [.. new[] { "DBSIZE", "DBSIZE", "KEYS *", "KEYS *s1", "KEYS none", "RANDOMKEY x", "FLUSHDB BAD", "SCRIPT EXISTS %a", "FUNCTION LIST" }.Select(template => template.Split(' '))];

    private static readonly string[][] OneServerTemplates =
    [
        .. new[]
        {
            "SCAN 0 COUNT 100000", "SCAN 0 COUNT 100000 MATCH *s2", "SCAN 0 COUNT 100000 TYPE list", "SCAN x", "EVAL return(1) 0", "EVAL return(redis.call('DBSIZE')) 0", "EVALSHA %a 0", "CONFIG GET maxmemory*", "CONFIG SET nosuch 1",
            "OBJECT NOSUCH", "MEMORY USAGE none", "LASTSAVE x", "FUNCTION STATS", "SLOWLOG LEN x", "LATENCY HISTORY none", "ACL USERS", "ACL GETUSER none", "DEBUG STRINGMATCH-LEN 10 *", "MODULE LIST", "COMMAND INFO set", "SUNION %S %S", "RENAME %S %S", "LCS %S %S",
        }.Select(template => template.Split(' ')),
    ];

    private static readonly string[][] SessionTemplates =
    [
        .. new[]
        {
            "SELECT %d", "SELECT %d", "SELECT %d", "SELECT %d", "SELECT 16", "SELECT -1", "SELECT x", "HELLO 3", "HELLO 2", "HELLO 3", "HELLO",
            "HELLO 4", "HELLO 3 SETNAME %f", "HELLO 2 AUTH default x", "HELLO 3 AUTH nobody x", "HELLO 3 BAD", "CLIENT SETNAME %f", "RESET",
            "SWAPDB %d %d", "SWAPDB %d x", "SWAPDB 99 %d", "MOVE %s %d", "MOVE %h %d", "MOVE %s 99", "COPY %s %s DB %d REPLACE",
            "COPY %z %z DB %d", "COPY %s %s DB 99", "CLIENT REPLY ON", "CLIENT REPLY BAD",
        }.Select(template => template.Split(' ')),
    ];

    // Between MULTI and EXEC all keys have this tag.
    private int? _transaction;

    /// <summary>What has to be asked before the rest.</summary>
    public static IEnumerable<string[]> Prepare =>
    [
        ["SCRIPT", "LOAD", Script],
        [
            "FUNCTION", "LOAD",
            "#!lua name=lib\nredis.register_function('setit', function(keys, args) return redis.call('SET', keys[1], args[1]) end)\n"
            + "redis.register_function{function_name='getit', callback=function(keys) return redis.call('GET', keys[1]) end, flags={'no-writes'}}",
        ],
    ];

    /// <summary>The words of the next request, each character one byte.</summary>
    public string[] Next()
    {
        if (_transaction is not null || (changesSession && random.Next(30) == 0))
        {
            return NextOfTransaction();
        }

        var tag = random.Next(Tags);
        var templates = random.Next(40) switch
        {
            0 => KeyspaceTemplates,
            1 when oneServer => OneServerTemplates,
            < 6 when changesSession => SessionTemplates,
            _ => Templates,
        };
        return [.. templates[random.Next(templates.Length)].Select(word => Expand(word, tag))];
    }

    private string[] NextOfTransaction()
    {
        if (_transaction is not { } tag)
        {
            _transaction = random.Next(Tags);
            return ["MULTI"];
        }

        switch (random.Next(40))
        {
            case < 4:
                _transaction = null;
                return ["EXEC"];
            case 4:
                _transaction = null;
                return ["DISCARD"];
            case 5:
                return random.Next(2) == 0 ? ["MULTI"] : ["WATCH", "a"];
            case < 8:
                return ["SELECT", Expand("%d", tag)];
            default:
                return [.. Templates[random.Next(Templates.Length)].Select(word => Expand(word.Replace("%S", "%s"), tag))];
        }
    }

    private string Expand(string word, int tag) => word switch
    {
        "%s" or "%l" or "%h" or "%e" or "%z" or "%x" or "%p" => $"{{t{tag}}}{word[1]}{random.Next(3)}",
        "%S" => $"{{t{random.Next(Tags)}}}s{random.Next(3)}",
        "%v" => Value(),
        "%i" => random.Next(-20, 20).ToString(CultureInfo.InvariantCulture),
        "%m" => random.Next(60).ToString(CultureInfo.InvariantCulture),
        "%f" => $"f{random.Next(20)}",
        "%n" => (random.Next(-80, 80) / 4.0).ToString(CultureInfo.InvariantCulture),
        "%t" => random.Next(8) == 0 ? "1000000000" : $"{33_177_117_420 + random.Next(1000)}",
        "%T" => $"{33_177_117_420 + random.Next(1000)}",
        "%d" => random.Next(4).ToString(CultureInfo.InvariantCulture),
        "%a" => ScriptDigest,
        "%t123" => $"{33_177_117_420_000 + random.Next(1000)}",
        "%b" => random.Next(200).ToString(CultureInfo.InvariantCulture),
        "%b-*" => $"{random.Next(200)}-*",
        "(%b" => $"({random.Next(200)}",
        _ when word.Contains("%b-%m", StringComparison.Ordinal) => $"{random.Next(200)}-{random.Next(60)}",
        _ when word.StartsWith("return{", StringComparison.Ordinal) => word.Replace("%n", "2.5").Replace("%i", "7"),
        _ => random.Next(2) == 0 ? word : word.Replace("get", "gEt", StringComparison.OrdinalIgnoreCase),
    };

    private string Value()
    {
        var length = random.Next(100) switch
        {
            < 60 => random.Next(20),
            < 92 => random.Next(200),
            < 99 => random.Next(6000),
            _ => random.Next(200_000),
        };
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return Encoding.Latin1.GetString(bytes);
    }
}
