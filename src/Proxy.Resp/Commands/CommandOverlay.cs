namespace Proxy.Resp.Commands;

/// <summary>
/// What the proxy does with each command, beside the generated table: rules for the many, a row with its reason for each that is different.
/// The table is reviewed; nothing else in the proxy routes by a command's name.
/// </summary>
internal static class CommandOverlay
{
    private const CommandFlags Unshareable = CommandFlags.Admin | CommandFlags.Blocking | CommandFlags.PubSub | CommandFlags.Asking;

    public static readonly CommandVerdict[] Rows =
    [
        // Split: one fragment for each server. A tip `multi_shard` alone does not split a command.
        Split("mget", "elements in the order of the request"),
        Split("mset", "`+OK` once every server has stored its part; not atomic across servers") with { Keys = KeyMethod.Pairs },
        Split("del", "counts are added"),
        Split("unlink", "counts are added"),
        Split("exists", "counts are added"),
        Split("touch", "counts are added"),

        // Answered by the proxy: the connection they speak of is the client's to the proxy.
        Answer("acl|whoami", LocalCommand.AclWhoAmI, "the client's user of the proxy"),
        Answer("quit", LocalCommand.Quit, "closes the client's connection"),
        Answer("ping", LocalCommand.Ping, "says that the proxy is there"),
        Answer("echo", LocalCommand.Echo, ""),
        Answer("client|setname", LocalCommand.ClientSetName, "the name of the client's connection to the proxy"),
        Answer("client|getname", LocalCommand.ClientGetName, "the name of the client's connection to the proxy"),
        Answer("client|setinfo", LocalCommand.ClientSetInfo, "clients send it on connecting; Redis has it since 7.2") with { Arity = 4 },
        Answer("client|id", LocalCommand.ClientId, "unique in the proxy"),
        Answer("client|info", LocalCommand.ClientInfo, "the client's connection to the proxy"),
        Answer("client|getredir", LocalCommand.ClientGetRedir, "as CLIENT TRACKING was told"),
        Answer("client|trackinginfo", LocalCommand.ClientTrackingInfo, "as CLIENT TRACKING was told"),
        Answer("client|no-evict", LocalCommand.ClientNoEvict, "without effect on the servers"),
        Answer("client|no-touch", LocalCommand.ClientNoTouch, "without effect on the servers; Redis has it since 7.2") with { Arity = 3 },
        Answer("client|help", LocalCommand.ClientHelp, ""),
        Introspect("command", LocalCommand.Command, "with several servers from what the proxy knows and what they told of further commands; as all its subcommands"),
        Introspect("command|count", LocalCommand.CommandCount, ""),
        Introspect("command|docs", LocalCommand.CommandDocs, ""),
        Introspect("command|getkeys", LocalCommand.CommandGetKeys, ""),
        Introspect("command|getkeysandflags", LocalCommand.CommandGetKeysAndFlags, ""),
        Introspect("command|help", LocalCommand.CommandHelp, ""),
        Introspect("command|info", LocalCommand.CommandInfo, ""),
        Introspect("command|list", LocalCommand.CommandList, ""),
        Answer("role", LocalCommand.Role, "a master without replicas"),
        Answer("time", LocalCommand.Time, "the proxy's clock"),

        // Answered by the proxy as well, but they change what becomes of the client's other requests.
        Session("auth", LocalCommand.Auth, "compares with `redis_auth`, or with `users`"),
        Session("hello", LocalCommand.Hello, "versions 2 and 3; what was sent before is answered in the former version"),
        Session("select", LocalCommand.Select, "each client has a database of its own; refused where servers have only one"),
        Session("reset", LocalCommand.Reset, "resets the client's connection"),
        Session("client|list", LocalCommand.ClientList, "the clients of the pool"),
        Session("client|kill", LocalCommand.ClientKill, "clients of the pool"),
        Session("client|pause", LocalCommand.ClientPause, "the clients of the pool"),
        Session("client|unpause", LocalCommand.ClientUnpause, "the clients of the pool"),
        Session("client|tracking", LocalCommand.ClientTracking, "over connections of the client's own, one for each server"),
        Session("client|caching", LocalCommand.ClientCaching, "the next command or transaction of the client"),
        Session("client|unblock", LocalCommand.ClientUnblock, "a client of the pool that waits at a server"),
        Session("client|reply", LocalCommand.ClientReply, "the replies on the client's connection"),

        Session("monitor", LocalCommand.Monitor, "all servers, over connections of the client's own"),

        // Transactions.
        Session("multi", LocalCommand.Multi, "what follows is queued in the proxy"),
        Session("exec", LocalCommand.Exec, "one server has all keys; the transaction goes to it in one piece"),
        Session("discard", LocalCommand.Discard, ""),
        Session("watch", LocalCommand.Watch, "on a connection of the client's own, until EXEC, DISCARD or UNWATCH; keys on one server"),
        Session("unwatch", LocalCommand.Unwatch, ""),

        .. AdministrationRows.Rows,

        // All keys of the pool.
        Keyspace("scan", LocalCommand.Scan, "one server after the other; the cursor says which"),
        Keyspace("keys", LocalCommand.Keys, "all servers' together"),
        Keyspace("randomkey", LocalCommand.RandomKey, "of one server, drawn by its number of keys"),
        AllServers("dbsize", "added up"),
        AllServers("flushdb", "on every server; an error of one is the reply, and the others have done it"),
        AllServers("flushall", "on every server; an error of one is the reply, and the others have done it"),

        // Scripts and functions: every server is to have the same.
        Script("script|load", LocalCommand.ScriptLoad, "every server that can be reached; the proxy keeps it for the others"),
        Script("script|exists", LocalCommand.ScriptExists, "1 if every server that can be reached has it, or the proxy"),
        Script("script|flush", LocalCommand.ScriptFlush, "on every server, and in the proxy"),
        Script("script|kill", LocalCommand.ScriptKill, "on every server, over connections of its own; `NOTBUSY` if all say so"),
        AllServers("function|load", "on every server; an error of one is the reply, and the others have done it"),
        AllServers("function|delete", "on every server; an error of one is the reply, and the others have done it"),
        AllServers("function|flush", "on every server; an error of one is the reply, and the others have done it"),
        AllServers("function|restore", "on every server; an error of one is the reply, and the others have done it"),
        Script("function|kill", LocalCommand.FunctionKill, "on every server, over connections of its own; `NOTBUSY` if all say so"),
        Script("function|stats", LocalCommand.FunctionStats, "the function that runs on one of the servers, over connections of its own"),
        FirstServer("function|list", "every server has the same"),
        FirstServer("function|dump", "every server has the same"),
        FirstServer("function|help", ""),
        FirstServer("script|help", ""),

        // Sent to every server.
        AllServers("swapdb", "on every server; not atomic across servers, and an error of one is the reply"),

        // Sent to the server of their keys over a connection of their own, where they wait.
        .. new[] { "blpop", "brpop", "blmove", "brpoplpush", "blmpop", "bzpopmin", "bzpopmax", "bzmpop" }.Select(Block),

        // Pub/Sub: by the channel's name, over connections of their own.
        Channel("publish", LocalCommand.Publish, "to the server that the channel's name hashes to; subscribers of the proxy are counted") with { MayReplicate = true },
        Channel("spublish", LocalCommand.SPublish, "to the server that the channel's name hashes to; subscribers of the proxy are counted") with { MayReplicate = true },
        Channel("subscribe", LocalCommand.Subscribe, "one subscription at the channel's server for all clients of a thread"),
        Channel("psubscribe", LocalCommand.PSubscribe, "one subscription at every server for all clients of a thread"),
        Channel("ssubscribe", LocalCommand.SSubscribe, "one subscription at the channel's server for all clients of a thread"),
        Channel("unsubscribe", LocalCommand.Unsubscribe, ""),
        Channel("punsubscribe", LocalCommand.PUnsubscribe, ""),
        Channel("sunsubscribe", LocalCommand.SUnsubscribe, ""),
        Answer("pubsub|help", LocalCommand.PubSubHelp, ""),
        AllServers("pubsub|channels", "all servers' together") with { Local = LocalCommand.PubSubChannels },
        AllServers("pubsub|shardchannels", "all servers' together") with { Local = LocalCommand.PubSubShardChannels },
        AllServers("pubsub|numpat", "the greatest number of a server") with { Local = LocalCommand.PubSubNumPat },
        AllServers("pubsub|numsub", "added up; subscribers of the proxy are counted") with { Local = LocalCommand.PubSubNumSub },
        AllServers("pubsub|shardnumsub", "added up; subscribers of the proxy are counted") with { Local = LocalCommand.PubSubShardNumSub },

        // Sent to the servers that the client wrote to.
        Wait("wait"),
        Wait("waitaof") with { Arity = 4, Like = "wait" },

        // Refused whatever the number of servers: they would take away the connection that clients share, the server, or keys behind the proxy's back.
        Refuse("migrate", "moves keys behind the proxy's back") with { Keys = KeyMethod.Migrate },
        Refuse("sync", "makes the connection a replica's"),
        Refuse("psync", "makes the connection a replica's"),
        Refuse("replconf", "makes the connection a replica's"),
        Refuse("replicaof", "makes a server a replica"),
        Refuse("slaveof", "makes a server a replica"),
        Refuse("failover", "makes a server a replica"),
        Refuse("shutdown", "ends a server"),
        Refuse("script|debug", "changes what the next script on a shared connection does"),

        // Forwarded, but not as the facts alone say.
        Forward("msetnx", "all or nothing: keys on several servers are refused, whatever the tip `multi_shard` says") with { Keys = KeyMethod.Pairs },
        Forward("xread", "with BLOCK over a connection of its own") with { Keys = KeyMethod.Streams, BlocksOnOption = true },
        Forward("xreadgroup", "with BLOCK over a connection of its own") with { Keys = KeyMethod.Streams, BlocksOnOption = true },
        Forward("eval", "without keys on the first server of the file that is not ejected") with { Keys = KeyMethod.Script, MayReplicate = true },
        Forward("eval_ro", "without keys on the first server of the file that is not ejected") with { Keys = KeyMethod.Script },
        Forward("evalsha", "without keys on the first server of the file that is not ejected") with { Keys = KeyMethod.ScriptByDigest, MayReplicate = true },
        Forward("evalsha_ro", "without keys on the first server of the file that is not ejected") with { Keys = KeyMethod.ScriptByDigest },
        Forward("fcall", "without keys on the first server of the file that is not ejected") with { MayReplicate = true },
        Forward("fcall_ro", "without keys on the first server of the file that is not ejected"),
        Forward("sort", "by its key and STORE; keys that BY and GET make up have to live on the same server") with { Keys = KeyMethod.Sort },
        Forward("sort_ro", "by its key; keys that BY and GET make up have to live on the same server") with { Keys = KeyMethod.Sort },
        Forward("georadius", "") with { Keys = KeyMethod.GeoRadius },
        Forward("georadiusbymember", "") with { Keys = KeyMethod.GeoRadius },

        // Forwarded, and computed where keys are on several servers and the pool wants that.
        CrossServer("pfcount", CrossServerOperation.Cardinality) with { MayReplicate = true },
        CrossServer("lcs", CrossServerOperation.CommonSubsequence),
        CrossServer("sunion", CrossServerOperation.Union),
        CrossServer("sinter", CrossServerOperation.Intersection),
        CrossServer("sintercard", CrossServerOperation.IntersectionCount),
        CrossServer("sdiff", CrossServerOperation.Difference),
        CrossServer("zunion", CrossServerOperation.SortedUnion),
        CrossServer("zinter", CrossServerOperation.SortedIntersection),
        CrossServer("zintercard", CrossServerOperation.SortedIntersectionCount),
        CrossServer("zdiff", CrossServerOperation.SortedDifference),
    ];

    /// <summary>What the proxy does with a command that has no row.</summary>
    public static CommandVerdict ByRule(CommandRow command)
    {
        // Without keys an answer would come from one server of many, and be wrong: but it is right where there is only one.
        var forward = command.TakesKeys && (command.Flags & Unshareable) == 0;
        return new CommandVerdict(command.Name, forward ? CommandHandling.Forward : CommandHandling.Refuse, "")
        {
            Alone = forward ? CommandHandling.Forward : CommandHandling.FirstServer,
        };
    }

    private static CommandVerdict Split(string name, string reason) => new(name, CommandHandling.Split, reason);

    private static CommandVerdict Answer(string name, LocalCommand local, string reason) => new(name, CommandHandling.Answer, reason) { Local = local };

    // With one server nobody knows its commands better.
    private static CommandVerdict Introspect(string name, LocalCommand local, string reason) =>
        Answer(name, local, reason) with { Alone = CommandHandling.FirstServer };

    private static CommandVerdict Session(string name, LocalCommand local, string reason) => new(name, CommandHandling.Session, reason) { Local = local };

    private static CommandVerdict AllServers(string name, string reason) => new(name, CommandHandling.AllServers, reason);

    private static CommandVerdict Keyspace(string name, LocalCommand local, string reason) =>
        new(name, CommandHandling.Keyspace, reason) { Local = local, Alone = CommandHandling.FirstServer };

    private static CommandVerdict Script(string name, LocalCommand local, string reason) => new(name, CommandHandling.Script, reason) { Local = local };

    private static CommandVerdict FirstServer(string name, string reason) => new(name, CommandHandling.FirstServer, reason);

    private static CommandVerdict Block(string name) => new(name, CommandHandling.Block, "over a connection of its own");

    private static CommandVerdict Channel(string name, LocalCommand local, string reason) => new(name, CommandHandling.Channel, reason) { Local = local };

    private static CommandVerdict Wait(string name) =>
        new(name, CommandHandling.Wait, "over the connections that carried the client's writes; the least of several servers");

    private static CommandVerdict Refuse(string name, string reason) => new(name, CommandHandling.Refuse, reason);

    private static CommandVerdict Forward(string name, string reason) => new(name, CommandHandling.Forward, reason);

    private static CommandVerdict CrossServer(string name, CrossServerOperation operation) =>
        Forward(name, "with [`cross_server`](#cross-server-commands) keys may be on several servers; not atomic") with { CrossServer = operation };
}
