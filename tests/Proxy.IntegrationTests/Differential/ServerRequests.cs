namespace Proxy.IntegrationTests.Differential;

/// <summary>What is asked of the server itself: with one server behind the proxy, all of it is that server's answer.</summary>
internal static class ServerRequests
{
    public static IEnumerable<Chapter> Chapters =>
    [
        new(
            "keyspace",
            "SCAN 0", "SET a 1", "SET b 2", "RPUSH l x", "SCAN 0 COUNT 1000", "SCAN 0 MATCH a* COUNT 1000", "SCAN 0 TYPE list COUNT 1000", "SCAN 0 TYPE nosuch", "SCAN x", "SCAN 0 COUNT 0", "SCAN 0 COUNT x", "SCAN 0 BAD", "SCAN", "SCAN 99999999999999999999",
            "SWAPDB 0 1", "GET a", "SELECT 1", "GET a", "SCAN 0 COUNT 1000", "SELECT 0", "SWAPDB 0 1", "RENAME a c", "MGET a b c", "LCS b c", "SUNION none none2", "EVAL \"return redis.call('DBSIZE')\" 0", "EVAL \"return redis.call('KEYS', 'b')\" 0", "EVAL \"return redis.call('MGET', 'b', 'c')\" 0",
            "MULTI", "DBSIZE", "KEYS b", "SCAN 0 COUNT 1000", "FLUSHDB", "DBSIZE", "EXEC", "MSETNX a 1 b 2", "MSETNX b 1 x 2", "SELECT 16", "SELECT x", "FLUSHALL"),
        new(
            "configuration",
            "CONFIG GET maxmemory", "CONFIG GET max*entries*", "CONFIG GET maxmemory maxmemory-policy timeout databases", "CONFIG GET nosuch", "CONFIG GET", "CONFIG SET maxmemory-policy allkeys-lfu", "CONFIG GET maxmemory-policy", "SET s v", "OBJECT FREQ s", "CONFIG SET maxmemory-policy noeviction",
            "CONFIG SET maxmemory-policy nosuch", "CONFIG SET nosuch 1", "CONFIG SET maxmemory", "CONFIG SET maxmemory 100mb maxmemory-policy allkeys-lru", "CONFIG SET maxmemory 0 maxmemory 1", "CONFIG SET port x", "CONFIG SET databases 3", "CONFIG RESETSTAT", "CONFIG REWRITE", "CONFIG HELP", "CONFIG NOSUCH", "CONFIG",
            "CONFIG SET list-max-listpack-size 2", "RPUSH l a b c d", "OBJECT ENCODING l", "DEBUG LISTPACK l", "CONFIG SET notify-keyspace-events KEA", "CONFIG GET notify-keyspace-events", "CONFIG SET notify-keyspace-events \"\"", "CONFIG GET *max-*-entries", "CONFIG SET hash-max-listpack-entries 1", "HSET h a 1 b 2",
            "OBJECT ENCODING h", "CONFIG GET save", "CONFIG GET appendonly", "CONFIG GET timeout", "CONFIG GET databases", "CONFIG GET slave-read-only", "CONFIG GET proto-max-bulk-len", "MULTI", "CONFIG GET maxmemory", "CONFIG SET maxmemory 0", "EXEC"),
        new(
            "information",
            "INFO", "INFO server", "INFO clients", "INFO memory", "INFO persistence", "INFO stats", "INFO replication", "INFO cpu", "INFO modules", "INFO cluster", "INFO keyspace", "SET a 1", "INFO keyspace", "INFO nosuch", "INFO server clients", "INFO default", "ROLE", "LASTSAVE", "TIME", "LOLWUT", "LOLWUT VERSION 5",
            "MEMORY STATS", "MEMORY DOCTOR", "MEMORY MALLOC-STATS", "MEMORY PURGE", "MEMORY HELP", "MEMORY NOSUCH", "MEMORY USAGE a", "MODULE LIST", "MODULE UNLOAD nosuch", "MODULE LOAD /nosuch.so", "MODULE HELP", "WAIT 0 10", "WAIT 1 1", "WAIT x 1", "MULTI", "ROLE", "LASTSAVE x", "EXEC"),
        new(
            "commands",
            "COMMAND", "COMMAND COUNT", "COMMAND LIST", "COMMAND LIST FILTERBY PATTERN x*", "COMMAND LIST FILTERBY ACLCAT scripting", "COMMAND LIST FILTERBY MODULE nosuch", "COMMAND LIST FILTERBY BAD x", "COMMAND INFO get nosuch config|get eval", "COMMAND INFO", "COMMAND DOCS get set nosuch", "COMMAND DOCS xadd config",
            "COMMAND GETKEYS SET a 1", "COMMAND GETKEYS MSET a 1 b 2", "COMMAND GETKEYS EVAL x 2 a b c", "COMMAND GETKEYS EVAL x 9 a", "COMMAND GETKEYS PING", "COMMAND GETKEYS NOSUCH", "COMMAND GETKEYS", "COMMAND GETKEYS SORT a STORE b", "COMMAND GETKEYS MIGRATE h 1 a 0 1", "COMMAND GETKEYSANDFLAGS LMOVE a b LEFT RIGHT",
            "COMMAND GETKEYSANDFLAGS SET a 1 GET", "COMMAND GETKEYSANDFLAGS ZUNIONSTORE d 2 a b", "COMMAND HELP", "COMMAND NOSUCH", "COMMAND COUNT x", "COMMAND DOCS"),
        new(
            "access control",
            "ACL WHOAMI", "ACL LIST", "ACL USERS", "ACL CAT", "ACL CAT string", "ACL CAT nosuch", "ACL SETUSER bob on >secret ~b:* +get", "ACL GETUSER bob", "ACL GETUSER nosuch", "ACL LIST", "ACL USERS", "ACL DRYRUN bob GET b:1", "ACL DRYRUN bob GET c:1", "ACL DRYRUN bob FLUSHALL", "ACL DRYRUN nosuch GET a",
            "ACL SETUSER bob bad", "ACL SETUSER bob (+get ~c:*)", "ACL GETUSER bob", "ACL DELUSER bob nosuch", "ACL DELUSER default", "ACL GENPASS", "ACL GENPASS 5", "ACL GENPASS x", "ACL LOG", "ACL LOG RESET", "ACL LOG 5", "ACL SAVE", "ACL LOAD", "ACL HELP", "ACL NOSUCH", "ACL"),
        new(
            "slow log and latency",
            "CONFIG SET slowlog-log-slower-than -1", "SLOWLOG RESET", "SLOWLOG LEN", "SLOWLOG GET", "SLOWLOG GET 5", "SLOWLOG GET -1", "SLOWLOG GET x", "SLOWLOG GET -2", "SLOWLOG HELP", "SLOWLOG NOSUCH", "LATENCY LATEST", "LATENCY HISTORY nosuch", "LATENCY GRAPH nosuch", "LATENCY RESET", "LATENCY RESET a b", "LATENCY HELP", "LATENCY NOSUCH",
            "LATENCY HISTOGRAM nosuch", "CONFIG RESETSTAT", "SET a 1", "LATENCY HISTOGRAM set", "LATENCY DOCTOR"),
        new(
            "debugging",
            "DEBUG HELP", "DEBUG SET-ACTIVE-EXPIRE 0", "DEBUG SET-ACTIVE-EXPIRE 1", "DEBUG SLEEP 0", "SET a 1", "DEBUG DIGEST", "DEBUG DIGEST-VALUE a none", "DEBUG OBJECT a", "DEBUG SDSLEN a", "DEBUG JMAP", "DEBUG POPULATE 3 p 10", "MGET p:0 p:1 p:2", "DEBUG RELOAD", "MGET a p:0", "DEBUG STRINGMATCH-LEN 100 a*", "DEBUG CHANGE-REPL-ID",
            "DEBUG QUICKLIST-PACKED-THRESHOLD 100b", "DEBUG QUICKLIST-PACKED-THRESHOLD 0", "DEBUG LISTPACK a", "DEBUG PROTOCOL string", "DEBUG PROTOCOL integer", "DEBUG PROTOCOL double", "DEBUG PROTOCOL null", "DEBUG PROTOCOL array", "DEBUG PROTOCOL set", "DEBUG PROTOCOL map", "DEBUG PROTOCOL bignum", "DEBUG PROTOCOL verbatim", "DEBUG PROTOCOL true",
            "DEBUG PROTOCOL false", "DEBUG PROTOCOL nosuch", "DEBUG ERROR \"ERR mine\"", "DEBUG LOG x", "DEBUG DICT-RESIZING 1", "DEBUG HTSTATS-KEY a", "DEBUG NOSUCH", "DEBUG"),
        new(
            "persistence",
            "SET a 1", "SAVE", "SAVE x", "BGSAVE BAD", "LASTSAVE x", "GET a"),
        new(
            "what a cluster has",
            "CLUSTER INFO", "CLUSTER NODES", "CLUSTER SLOTS", "CLUSTER SHARDS", "CLUSTER MYID", "CLUSTER KEYSLOT a", "CLUSTER", "READONLY", "READWRITE", "SENTINEL MASTERS"),
        new(
            "clients",
            "CLIENT ID", "CLIENT GETNAME", "CLIENT SETNAME x", "CLIENT GETNAME", "CLIENT SETNAME \"\"", "CLIENT SETNAME \"a b\"", "CLIENT INFO", "CLIENT LIST", "CLIENT LIST TYPE nosuch", "CLIENT LIST ID x", "CLIENT GETREDIR", "CLIENT TRACKINGINFO", "CLIENT NO-EVICT on", "CLIENT NO-EVICT x", "CLIENT UNBLOCK 99999", "CLIENT KILL ID 99999",
            "CLIENT KILL nosuch", "CLIENT KILL ID x", "CLIENT PAUSE x", "CLIENT UNPAUSE", "CLIENT CACHING YES", "CLIENT TRACKING BAD", "CLIENT REPLY BAD", "CLIENT REPLY ON", "CLIENT HELP", "CLIENT NOSUCH", "CLIENT", "ECHO x", "ECHO", "PING", "PING x", "PING x y", "AUTH x", "AUTH default x", "AUTH nobody x", "AUTH a b c",
            "HELLO", "HELLO 9", "HELLO x", "HELLO 3 AUTH nobody x", "HELLO 2 BAD", "PUBSUB CHANNELS", "PUBSUB NUMSUB a b", "PUBSUB NUMPAT", "PUBSUB SHARDNUMSUB a", "PUBSUB HELP", "PUBSUB NOSUCH", "PUBLISH a b", "SPUBLISH a b", "UNSUBSCRIBE", "RESET", "NOSUCH a \"b c\"", "\"bad cmd\"", "GET", "GET a b"),
    ];
}
