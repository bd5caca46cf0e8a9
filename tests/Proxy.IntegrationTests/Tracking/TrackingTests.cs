using NUnit.Framework;

namespace Proxy.IntegrationTests.Tracking;

/// <summary>CLIENT TRACKING without BCAST: a client hears of the keys that it read.</summary>
[TestFixture("threads: 1")]
[TestFixture("threads: 2")]
public sealed class TrackingTests(string processKey) : TrackingScriptTests(processKey)
{
    // Errors, and what the client is told about itself
    [TestCase("1 CLIENT TRACKING ON JUNK|1 CLIENT TRACKING FOO|1 CLIENT TRACKING ON PREFIX a|1 CLIENT TRACKING ON REDIRECT|1 CLIENT TRACKING ON OPTIN OPTOUT")]
    [TestCase("1 CLIENT TRACKING|1 CLIENT CACHING|1 CLIENT CACHING YES|1 CLIENT CACHING X|1 CLIENT TRACKINGINFO|1 CLIENT GETREDIR|1 CLIENT TRACKING OFF JUNK|1 CLIENT TRACKING OFF")]
    [TestCase("1 CLIENT TRACKING ON OPTIN NOLOOP|1 CLIENT CACHING YES;CLIENT TRACKINGINFO;CLIENT CACHING NO;CLIENT CACHING X;PING;CLIENT TRACKINGINFO|1 CLIENT TRACKING ON OPTOUT|1 CLIENT TRACKING ON|1 CLIENT CACHING YES")]
    [TestCase("1 CLIENT TRACKING ON OPTOUT|1 CLIENT CACHING NO;CLIENT TRACKINGINFO;PING|1 CLIENT TRACKING ON OPTIN|1 CLIENT TRACKING ON BCAST OPTIN|1 CLIENT TRACKING ON BCAST|1 CLIENT TRACKINGINFO")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKINGINFO|1 CLIENT TRACKING ON NOLOOP|1 CLIENT TRACKINGINFO|1 CLIENT GETREDIR|1 CLIENT TRACKING OFF|1 CLIENT GETREDIR|1 CLIENT TRACKINGINFO")]

    // Keys that were read, by whomever they are changed
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 GET a|2 SET a 1|2 SET a 2|1 GET a|1 SET a 3|1 GET a|5 FLUSHALL|1 GET b|1 MGET a b c|2 MSET a 1 b 2 c 3|2 DEL b")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 GET a;SET a 1;GET a;SET a 2;GET a|2 SET a 3|2 EXPIRE a 100|1 EXISTS a;TYPE a;TTL a|2 DEL a")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON NOLOOP|1 GET a|1 SET a 1|1 GET a|2 SET a 2|1 GET a|1 DEL a|2 SET a 3")]
    [TestCase("1 HELLO 3|2 HELLO 3|1 CLIENT TRACKING ON|2 CLIENT TRACKING ON|1 GET a|2 GET a|3 SET a 1|1 GET a|2 SET a 2|2 GET a|1 SET a 3")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 GET a|1 CLIENT TRACKING OFF|2 SET a 1|1 GET a|2 SET a 2|1 CLIENT TRACKING ON|1 GET a|2 SET a 3")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 GET a|1 RESET|2 SET a 1|1 CLIENT TRACKINGINFO|1 GET a")]

    // Which reads are meant
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON OPTIN|1 GET a|2 SET a 1|1 CLIENT CACHING YES;CLIENT GETNAME;GET a|2 SET a 2|1 CLIENT CACHING YES;PING;GET a|2 SET a 3|1 CLIENT CACHING YES;NOSUCH;GET a|2 SET a 4")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON OPTIN|1 CLIENT CACHING YES;MGET a b;GET c|2 MSET a 1 b 2 c 3|1 CLIENT CACHING YES;GET a;GET b|2 MSET a 1 b 2")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON OPTOUT|1 GET a|2 SET a 1|1 CLIENT CACHING NO;GET a;GET b|2 MSET a 2 b 2|1 GET a|2 SET a 3")]

    // Transactions
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON OPTIN|1 CLIENT CACHING YES;MULTI;GET a;GET b;EXEC|2 MSET a 2 b 2|1 MULTI;GET a;EXEC|2 SET a 3|1 CLIENT CACHING YES;MULTI;DISCARD;CLIENT TRACKINGINFO|1 CLIENT CACHING YES;MULTI;CLIENT GETNAME;EXEC;GET a|2 SET a 4")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 MULTI;GET a;SET a 1;GET a;EXEC|2 SET a 2|1 GET a|1 MULTI;SET a 3;SET b 4;EXEC|1 MULTI;GET a;CLIENT GETNAME;EXEC;GET b|2 MSET a 1 b 1")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 MULTI;SELECT 3;GET a;EXEC;GET a|2 SET a 1|1 SELECT 0;GET a|2 SELECT 3;SET a 2")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 WATCH k;GET k|2 SET k 1|1 MULTI;GET k;EXEC;GET k|1 WATCH k;MULTI;SET k 2;EXEC|1 WATCH k;UNWATCH|2 SET k 3|1 WATCH k;MULTI;DISCARD;GET k|2 SET k 4|1 WATCH k;SELECT 1;MULTI;SET k 5;EXEC;GET k|2 SELECT 1;SET k 6")]

    // Databases, versions, replies
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 GET b|1 SELECT 2|2 SET b 1|1 GET b|2 SET b 2|2 SELECT 2;SET b 3|1 GET b|1 SELECT 0;GET b;SELECT 2;GET b|2 SET b 4")]
    [TestCase("1 CLIENT TRACKING ON|1 GET a|2 SET a 1|1 CLIENT TRACKINGINFO|1 GET a|1 HELLO 3|2 SET a 2|1 GET a|1 HELLO 2|2 SET a 3|1 GET a")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 GET b|1 HELLO 2;GET b|1 HELLO 3|2 SET b 2|1 GET b|2 SET b 3")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 CLIENT REPLY OFF;GET a;GET c;CLIENT REPLY ON|2 SET a 5|1 CLIENT REPLY SKIP;GET a|1 CLIENT REPLY SKIP;SET a 7;GET a|2 SET c 6|1 CLIENT REPLY SKIP;GET a;GET b|2 MSET a 1 b 2")]

    // What waits
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 SET a 1;WAIT 0 0;GET a;WAIT 0 100|2 SET a 2")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 LPUSH l 1;LRANGE l 0 -1|1 BLPOP l 1;LRANGE l 0 -1|2 LPUSH l 2|1 LRANGE l 0 -1;BLPOP l 0|1 BLPOP l 0.05;GET a|2 SET a 1")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 XADD s 1-1 f v|1 XREAD BLOCK 10 STREAMS s 0|2 XADD s 1-2 f v|1 XREAD BLOCK 10 STREAMS s 5-5|1 XREAD STREAMS s 0|2 DEL s")]

    // Messages in between
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 SUBSCRIBE c|1 GET a|2 PUBLISH c m|2 SET a 1|1 UNSUBSCRIBE|1 GET a;PUBLISH c n|2 SET a 2")]
    [TestCase("1 HELLO 3|1 CLIENT TRACKING ON|1 EVAL return{redis.call('GET',KEYS[1])} 1 a|2 SET a 1|1 GET a|1 EVAL return{redis.call('SET',KEYS[1],2)} 1 a")]
    public void Script_IsHeardAsWithPlainRedis(string script) => Check(script);

    [Test]
    public void RandomScripts_AreHeardAsWithPlainRedis([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        string[] modes = ["", " NOLOOP", " OPTIN", " OPTOUT", " BCAST", " BCAST PREFIX a NOLOOP"];
        var start = Enumerable.Range(1, 3).SelectMany(client => new[] { $"{client} HELLO 3", $"{client} CLIENT TRACKING ON{modes[random.Next(modes.Length)]}" });
        var steps = Enumerable.Range(0, 60).Select(_ => $"{random.Next(4) + 1} {RandomCommand(random)}");

        Check(string.Join('|', start.Concat(steps)));
    }

    private static string RandomCommand(Random random)
    {
        var key = (char)('a' + random.Next(4));
        var other = (char)('a' + random.Next(4));
        return random.Next(14) switch
        {
            < 4 => $"GET {key}",
            < 6 => $"SET {key} {random.Next(100)}",
            6 => $"DEL {key}",
            7 => $"MULTI;GET {key};SET {other} 1;EXEC",
            8 => $"CLIENT CACHING {(random.Next(2) == 0 ? "YES" : "NO")};GET {key}",
            9 => $"SET {key} 1;GET {key};SET {key} 2;GET {key}",
            10 => $"SELECT {random.Next(2)}",
            11 => $"WATCH {key};MULTI;GET {key};EXEC",
            12 => "CLIENT TRACKINGINFO",
            _ => $"STRLEN {key};EXISTS {other}",
        };
    }
}
