namespace Proxy.Resp.Commands;

/// <summary>The rows of <see cref="CommandOverlay"/> for what asks about servers or administers them.</summary>
internal static class AdministrationRows
{
    private const string Added = "of the servers that answer, added up";
    private const string ByServer = "of the servers that answer, one below the other";
    private const string EveryServer = "every server; where one fails its error is the reply, and the others have done it";

    /// <summary>The rows, each with its reason.</summary>
    public static IEnumerable<CommandVerdict> Rows =>
    [
        Join("info", LocalCommand.Info, "of the servers that answer, as of one standalone master, and the section `Proxy`") with { Alone = CommandHandling.Join },
        Join("debug", LocalCommand.Debug, "by its key, to every server or to the first, as its first word says; what ends a server is refused") with
        {
            Alone = CommandHandling.Join,
        },

        Join("config|get", LocalCommand.ConfigGet, "of the servers that answer; where they differ the first one's"),
        new CommandVerdict("config|set", CommandHandling.AllServers, EveryServer + "; a `requirepass` that is not `redis_auth` is refused")
        {
            Local = LocalCommand.ConfigSet,
            Alone = CommandHandling.FirstServer,
        },
        EachServer("config|resetstat", EveryServer),
        EachServer("config|rewrite", EveryServer),
        First("config|help"),

        EachServer("acl|setuser", "the servers' users, not those of `users`; " + EveryServer),
        Join("acl|deluser", LocalCommand.AclDelUser, "the servers' users, not those of `users`; on every server, the greatest count"),
        EachServer("acl|save", EveryServer),
        EachServer("acl|load", EveryServer),
        Join("acl|log", LocalCommand.AclLog, "of the servers that answer, the youngest entries"),
        .. new[] { "acl|cat", "acl|dryrun", "acl|genpass", "acl|getuser", "acl|help", "acl|list", "acl|users" }.Select(First),

        Join("latency|latest", LocalCommand.LatencyLatest, "of the servers that answer, the latest and the worst"),
        Join("latency|history", LocalCommand.LatencyHistory, "of the servers that answer, in the order of time"),
        Join("latency|histogram", LocalCommand.LatencyHistogram, Added),
        Join("latency|graph", LocalCommand.LatencyGraph, ByServer),
        Join("latency|doctor", LocalCommand.LatencyDoctor, ByServer),
        Join("latency|reset", LocalCommand.LatencyReset, "every server; counts are added"),
        First("latency|help"),

        Join("memory|stats", LocalCommand.MemoryStats, "of the servers that answer: bytes and counts added up, of ratios the greatest"),
        Join("memory|doctor", LocalCommand.MemoryDoctor, ByServer),
        Join("memory|malloc-stats", LocalCommand.MemoryMallocStats, ByServer),
        EachServer("memory|purge", EveryServer),
        First("memory|help"),

        Join("slowlog|get", LocalCommand.SlowLogGet, "of the servers that answer, the newest entries"),
        Join("slowlog|len", LocalCommand.SlowLogLen, Added),
        EachServer("slowlog|reset", EveryServer),
        First("slowlog|help"),

        First("module|list"),
        First("module|help"),
        EachServer("module|load", EveryServer),
        EachServer("module|loadex", EveryServer),
        EachServer("module|unload", EveryServer),

        EachServer("save", EveryServer),
        EachServer("bgsave", EveryServer),
        EachServer("bgrewriteaof", EveryServer),
        Join("lastsave", LocalCommand.LastSave, "the earliest of the servers that answer"),

        EachServer("pfselftest", EveryServer),
        new CommandVerdict("pfdebug", CommandHandling.Forward, ""),
        new CommandVerdict("restore-asking", CommandHandling.Forward, "as RESTORE, which it is without cluster support"),
        First("lolwut"),
        First("object|help"),
        First("xgroup|help"),
        First("xinfo|help"),

        .. new[]
        {
            "addslots", "addslotsrange", "bumpepoch", "count-failure-reports", "countkeysinslot", "delslots", "delslotsrange", "failover", "flushslots",
            "forget", "getkeysinslot", "help", "info", "keyslot", "links", "meet", "myid", "nodes", "replicas", "replicate", "reset", "saveconfig",
            "set-config-epoch", "setslot", "shards", "slaves", "slots",
        }.Select(name => NoCluster("cluster|" + name, "")),
        NoCluster("cluster", "as a server without cluster support"),
        NoCluster("asking", "as a server without cluster support"),
        NoCluster("readonly", "as a server without cluster support"),
        NoCluster("readwrite", "as a server without cluster support"),

        new CommandVerdict("proxy", CommandHandling.Refuse, "") { Arity = -2, Like = "config", IsOwn = true },
        Own("proxy|help", LocalCommand.ProxyHelp, 2, like: "config|help"),
        Own("proxy|route", LocalCommand.ProxyRoute, -3, like: "config|resetstat"),
        Own("proxy|servers", LocalCommand.ProxyServers, 2, like: "config|resetstat"),
    ];

    private static CommandVerdict Join(string name, LocalCommand local, string reason) =>
        new(name, CommandHandling.Join, reason) { Local = local, Alone = CommandHandling.FirstServer };

    private static CommandVerdict EachServer(string name, string reason) => new(name, CommandHandling.AllServers, reason);

    private static CommandVerdict First(string name) => new(name, CommandHandling.FirstServer, "");

    private static CommandVerdict NoCluster(string name, string reason) =>
        new(name, CommandHandling.Answer, reason) { Local = LocalCommand.ClusterDisabled };

    private static CommandVerdict Own(string name, LocalCommand local, int arity, string like) =>
        new(name, CommandHandling.Answer, "") { Local = local, Arity = arity, Like = like, IsOwn = true };
}
