using System.Buffers;

namespace Proxy.Resp;

/// <summary>
/// Every fixed reply of the proxy, whole lines with their CRLF. First Redis 7.0.15's own texts, letter by letter, since clients parse them;
/// then the proxy's, which follow twemproxy's words with the place: `-ERR Connection refused (pool sessions, server shard1)`.
/// </summary>
/// <remarks>
/// Longer than other files because all texts stand in one place. Methods append to the given writer, which the caller owns; names of
/// commands are those of the command table (lower case, `client|setname`).
/// </remarks>
internal static class Replies
{
    /// <summary>Redis shows this much of a name, and of the arguments together.</summary>
    private const int ShownLength = 128;

    // ---- No errors.

    public static ReadOnlySpan<byte> Ok => "+OK\r\n"u8;

    public static ReadOnlySpan<byte> Pong => "+PONG\r\n"u8;

    /// <summary>A command between MULTI and EXEC.</summary>
    public static ReadOnlySpan<byte> Queued => "+QUEUED\r\n"u8;

    public static ReadOnlySpan<byte> Reset => "+RESET\r\n"u8;

    /// <summary>ROLE: a master without replicas.</summary>
    public static ReadOnlySpan<byte> RoleMaster => "*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"u8;

    // ---- Redis: connection and authentication.

    public static ReadOnlySpan<byte> MaxClients => "-ERR max number of clients reached\r\n"u8;

    public static ReadOnlySpan<byte> NoAuth => "-NOAUTH Authentication required.\r\n"u8;

    public static ReadOnlySpan<byte> WrongPass => "-WRONGPASS invalid username-password pair or user is disabled.\r\n"u8;

    /// <summary>AUTH with a password alone where none is configured.</summary>
    public static ReadOnlySpan<byte> AuthWithoutPassword =>
        "-ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?\r\n"u8;

    /// <summary>HELLO without AUTH where a password is configured.</summary>
    public static ReadOnlySpan<byte> HelloNoAuth =>
        "-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time\r\n"u8;

    public static ReadOnlySpan<byte> NoProto => "-NOPROTO unsupported protocol version\r\n"u8;

    public static ReadOnlySpan<byte> ProtocolVersionNotInteger => "-ERR Protocol version is not an integer or out of range\r\n"u8;

    public static ReadOnlySpan<byte> InvalidClientName =>
        "-ERR Client names cannot contain spaces, newlines or special characters.\r\n"u8;

    // ---- Redis: arguments.

    public static ReadOnlySpan<byte> SyntaxError => "-ERR syntax error\r\n"u8;

    public static ReadOnlySpan<byte> NotInteger => "-ERR value is not an integer or out of range\r\n"u8;

    /// <summary>SELECT with a number that is none of 32 bits.</summary>
    public static ReadOnlySpan<byte> NotInt32 => "-ERR value is out of range, value must between -2147483648 and 2147483647\r\n"u8;

    /// <summary>SELECT where servers have one database only: Redis Cluster's words.</summary>
    public static ReadOnlySpan<byte> SelectInCluster => "-ERR SELECT is not allowed in cluster mode\r\n"u8;

    public static ReadOnlySpan<byte> DbIndexOutOfRange => "-ERR DB index is out of range\r\n"u8;

    public static ReadOnlySpan<byte> CrossSlot => "-CROSSSLOT Keys in request don't hash to the same slot\r\n"u8;

    public static ReadOnlySpan<byte> ClusterDisabled => "-ERR This instance has cluster support disabled\r\n"u8;

    /// <summary>EVAL and its kin.</summary>
    public static ReadOnlySpan<byte> TooManyKeys => "-ERR Number of keys can't be greater than number of args\r\n"u8;

    /// <summary>EVAL and its kin.</summary>
    public static ReadOnlySpan<byte> NegativeKeys => "-ERR Number of keys can't be negative\r\n"u8;

    // ---- Redis: commands that the proxy computes from several servers' replies.

    /// <summary>ZUNION, ZINTER.</summary>
    public static ReadOnlySpan<byte> WeightNotFloat => "-ERR weight value is not a float\r\n"u8;

    /// <summary>SINTERCARD, ZINTERCARD.</summary>
    public static ReadOnlySpan<byte> LimitNegative => "-ERR LIMIT can't be negative\r\n"u8;

    /// <summary>LCS.</summary>
    public static ReadOnlySpan<byte> LcsNotStrings => "-ERR The specified keys must contain string values\r\n"u8;

    /// <summary>LCS.</summary>
    public static ReadOnlySpan<byte> LcsLengthAndIndexes => "-ERR If you want both the length and indexes, please just use IDX.\r\n"u8;

    /// <summary>LCS.</summary>
    public static ReadOnlySpan<byte> LcsTooLarge =>
        "-ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len\r\n"u8;

    /// <summary>PFCOUNT.</summary>
    public static ReadOnlySpan<byte> NotHyperLogLog => "-WRONGTYPE Key is not a valid HyperLogLog string value.\r\n"u8;

    /// <summary>PFCOUNT.</summary>
    public static ReadOnlySpan<byte> CorruptedHyperLogLog => "-INVALIDOBJ Corrupted HLL object detected\r\n"u8;

    // ---- Redis: users.

    public static ReadOnlySpan<byte> NoPermissionForKey => "-NOPERM this user has no permissions to access one of the keys used as arguments\r\n"u8;

    public static ReadOnlySpan<byte> NoPermissionForChannel => "-NOPERM this user has no permissions to access one of the channels used as arguments\r\n"u8;

    public static ReadOnlySpan<byte> SortByDenied => "-ERR BY option of SORT denied due to insufficient ACL permissions.\r\n"u8;

    public static ReadOnlySpan<byte> CommandNoLongerAllowed =>
        "-NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. "u8 +
        "This command is no longer allowed for the following reason: no permission to execute the command or subcommand\r\n"u8;

    public static ReadOnlySpan<byte> KeyNoLongerAllowed =>
        "-NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. "u8 +
        "This command is no longer allowed for the following reason: no permission to touch the specified keys\r\n"u8;

    public static ReadOnlySpan<byte> ChannelNoLongerAllowed =>
        "-NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. "u8 +
        "This command is no longer allowed for the following reason: no permission to access one of the channels used as arguments to the command\r\n"u8;

    public static ReadOnlySpan<byte> SortGetDenied => "-ERR GET option of SORT denied due to insufficient ACL permissions.\r\n"u8;

    // ---- Redis: keys on several servers.

    public static ReadOnlySpan<byte> SortByElsewhere =>
        "-ERR BY option of SORT denied in cluster mode when keys formed by the pattern may be in different slots.\r\n"u8;

    public static ReadOnlySpan<byte> SortGetElsewhere =>
        "-ERR GET option of SORT denied in cluster mode when keys formed by the pattern may be in different slots.\r\n"u8;

    // ---- Redis: CLIENT.

    public static ReadOnlySpan<byte> InvalidClientId => "-ERR Invalid client ID\r\n"u8;

    public static ReadOnlySpan<byte> ClientIdNotPositive => "-ERR client-id should be greater than 0\r\n"u8;

    public static ReadOnlySpan<byte> NoSuchClient => "-ERR No such client\r\n"u8;

    public static ReadOnlySpan<byte> UnblockReason => "-ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR\r\n"u8;

    public static ReadOnlySpan<byte> PauseMode => "-ERR CLIENT PAUSE mode must be WRITE or ALL\r\n"u8;

    public static ReadOnlySpan<byte> TimeoutNotInteger => "-ERR timeout is not an integer or out of range\r\n"u8;

    public static ReadOnlySpan<byte> TimeoutNegative => "-ERR timeout is negative\r\n"u8;

    // ---- Redis: CLIENT TRACKING and CACHING.

    public static ReadOnlySpan<byte> TrackingRedirectMissing => "-ERR The client ID you want redirect to does not exist\r\n"u8;

    public static ReadOnlySpan<byte> TrackingSeveralRedirects => "-ERR A client can only redirect to a single other client\r\n"u8;

    public static ReadOnlySpan<byte> TrackingPrefixWithoutBroadcast => "-ERR PREFIX option requires BCAST mode to be enabled\r\n"u8;

    public static ReadOnlySpan<byte> TrackingBroadcastSwitched =>
        "-ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode.\r\n"u8;

    public static ReadOnlySpan<byte> TrackingOptionsInBroadcast => "-ERR OPTIN and OPTOUT are not compatible with BCAST\r\n"u8;

    public static ReadOnlySpan<byte> TrackingBothOptions => "-ERR You can't specify both OPTIN mode and OPTOUT mode\r\n"u8;

    public static ReadOnlySpan<byte> TrackingOptionSwitched =>
        "-ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a different mode.\r\n"u8;

    /// <summary>`-ERR Prefix 'a' overlaps with an existing prefix 'ab'. Prefixes for a single client must not overlap.`</summary>
    public static void TrackingPrefixOverlapsExisting(IBufferWriter<byte> output, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> other) =>
        TrackingPrefixOverlaps(output, prefix, "an existing"u8, other);

    /// <summary>`-ERR Prefix 'a' overlaps with another provided prefix 'ab'. Prefixes for a single client must not overlap.`</summary>
    public static void TrackingPrefixOverlapsProvided(IBufferWriter<byte> output, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> other) =>
        TrackingPrefixOverlaps(output, prefix, "another provided"u8, other);

    public static ReadOnlySpan<byte> CachingWithoutTracking =>
        "-ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled\r\n"u8;

    public static ReadOnlySpan<byte> CachingYesWithoutOptIn =>
        "-ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.\r\n"u8;

    public static ReadOnlySpan<byte> CachingNoWithoutOptOut =>
        "-ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.\r\n"u8;

    // ---- Redis: MONITOR.

    /// <summary>A client that monitors counts as a replica.</summary>
    public static ReadOnlySpan<byte> NoKeysForReplicas => "-ERR Replica can't interact with the keyspace\r\n"u8;

    public static ReadOnlySpan<byte> MonitorInTransaction => "-ERR MONITOR isn't allowed for DENY BLOCKING client\r\n"u8;

    // ---- Redis: transactions.

    public static ReadOnlySpan<byte> NestedMulti => "-ERR MULTI calls can not be nested\r\n"u8;

    public static ReadOnlySpan<byte> ExecWithoutMulti => "-ERR EXEC without MULTI\r\n"u8;

    public static ReadOnlySpan<byte> DiscardWithoutMulti => "-ERR DISCARD without MULTI\r\n"u8;

    public static ReadOnlySpan<byte> WatchInMulti => "-ERR WATCH inside MULTI is not allowed\r\n"u8;

    /// <summary>SSUBSCRIBE is executed by EXEC.</summary>
    public static ReadOnlySpan<byte> ShardSubscribeInTransaction => "-ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client\r\n"u8;

    public static ReadOnlySpan<byte> NotInTransaction => "-ERR Command not allowed inside a transaction\r\n"u8;

    public static ReadOnlySpan<byte> ExecAbortedByErrors => "-EXECABORT Transaction discarded because of previous errors.\r\n"u8;

    // ---- Redis: COMMAND GETKEYS.

    public static ReadOnlySpan<byte> GetKeysInvalidCommand => "-ERR Invalid command specified\r\n"u8;

    public static ReadOnlySpan<byte> GetKeysNoKeys => "-ERR The command has no key arguments\r\n"u8;

    public static ReadOnlySpan<byte> GetKeysWrongArity => "-ERR Invalid number of arguments specified for command\r\n"u8;

    public static ReadOnlySpan<byte> GetKeysInvalidArguments => "-ERR Invalid arguments specified for command\r\n"u8;

    // ---- Redis: Pub/Sub.

    /// <summary>`-ERR Can't execute 'get': only (P|S)SUBSCRIBE / …`: in version 2 of RESP a subscriber may do little else.</summary>
    public static void OnlyForSubscribers(IBufferWriter<byte> output, string command) =>
        new ErrorLine(output).Text("-ERR Can't execute '"u8).Value(command)
            .Text("': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context"u8).End();

    /// <summary>PUBSUB HELP, as Redis 7.0.15 replies it.</summary>
    public static ReadOnlySpan<byte> PubSubHelp =>
        "*14\r\n+PUBSUB <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n"u8 +
        "+CHANNELS [<pattern>]\r\n+    Return the currently active channels matching a <pattern> (default: '*').\r\n"u8 +
        "+NUMPAT\r\n+    Return number of subscriptions to patterns.\r\n"u8 +
        "+NUMSUB [<channel> ...]\r\n+    Return the number of subscribers for the specified channels, excluding\r\n+    pattern subscriptions(default: no channels).\r\n"u8 +
        "+SHARDCHANNELS [<pattern>]\r\n+    Return the currently active shard level channels matching a <pattern> (default: '*').\r\n"u8 +
        "+SHARDNUMSUB [<shardchannel> ...]\r\n+    Return the number of subscribers for the specified shard level channel(s)\r\n"u8 +
        "+HELP\r\n+    Prints this help.\r\n"u8;

    // ---- The proxy.

    /// <summary>CLIENT UNBLOCK ERROR.</summary>
    public static ReadOnlySpan<byte> Unblocked => "-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n"u8;

    /// <summary>The process's `memory_limit` is reached: the request was not sent.</summary>
    public static ReadOnlySpan<byte> MemoryLimit => "-ERR memory limit of the proxy reached\r\n"u8;

    /// <summary>COMMAND HELP, as Redis 7.0.15 replies it.</summary>
    public static ReadOnlySpan<byte> CommandHelp =>
        "*21\r\n+COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n+(no subcommand)\r\n+    Return details about all Redis commands.\r\n"u8 +
        "+COUNT\r\n+    Return the total number of commands in this Redis server.\r\n"u8 +
        "+LIST\r\n+    Return a list of all commands in this Redis server.\r\n"u8 +
        "+INFO [<command-name> ...]\r\n+    Return details about multiple Redis commands.\r\n+    If no command names are given, documentation details for all\r\n+    commands are returned.\r\n"u8 +
        "+DOCS [<command-name> ...]\r\n+    Return documentation details about multiple Redis commands.\r\n+    If no command names are given, documentation details for all\r\n+    commands are returned.\r\n"u8 +
        "+GETKEYS <full-command>\r\n+    Return the keys from a full Redis command.\r\n"u8 +
        "+GETKEYSANDFLAGS <full-command>\r\n+    Return the keys and the access flags from a full Redis command.\r\n"u8 +
        "+HELP\r\n+    Prints this help.\r\n"u8;

    /// <summary>PROXY HELP.</summary>
    public static ReadOnlySpan<byte> ProxyHelp =>
        "*7\r\n+PROXY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n"u8 +
        "+ROUTE <key> [<key> ...]\r\n+    Return the server that each key lives on, and its hash or slot.\r\n"u8 +
        "+SERVERS\r\n+    Return name, address, state and figures of each server of the pool.\r\n"u8 +
        "+HELP\r\n+    Prints this help.\r\n"u8;

    /// <summary>PROXY ROUTE.</summary>
    public static ReadOnlySpan<byte> TooManyKeysToRoute => "-ERR PROXY ROUTE takes at most 1000 keys\r\n"u8;

    /// <summary>CLIENT HELP.</summary>
    public static ReadOnlySpan<byte> ClientHelp =>
        "*48\r\n+CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n"u8 +
        "+CACHING (YES|NO)\r\n+    Enable/disable tracking of the keys for next command in OPTIN/OPTOUT modes.\r\n"u8 +
        "+GETREDIR\r\n+    Return the client ID we are redirecting to when tracking is enabled.\r\n"u8 +
        "+GETNAME\r\n+    Return the name of the current connection.\r\n"u8 +
        "+ID\r\n+    Return the ID of the current connection.\r\n"u8 +
        "+INFO\r\n+    Return information about the current client connection.\r\n"u8 +
        "+KILL <ip:port>\r\n+    Kill connection made from <ip:port>.\r\n"u8 +
        "+KILL <option> <value> [<option> <value> [...]]\r\n+    Kill connections. Options are:\r\n"u8 +
        "+    * ADDR (<ip:port>|<unixsocket>:0)\r\n+      Kill connections made from the specified address\r\n"u8 +
        "+    * LADDR (<ip:port>|<unixsocket>:0)\r\n+      Kill connections made to specified local address\r\n"u8 +
        "+    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)\r\n+      Kill connections by type.\r\n+    * USER <username>\r\n"u8 +
        "+      Kill connections authenticated by <username>.\r\n+    * SKIPME (YES|NO)\r\n"u8 +
        "+      Skip killing current connection (default: yes).\r\n"u8 +
        "+LIST [options ...]\r\n+    Return information about client connections. Options:\r\n"u8 +
        "+    * TYPE (NORMAL|MASTER|REPLICA|PUBSUB)\r\n+      Return clients of specified type.\r\n"u8 +
        "+UNPAUSE\r\n+    Stop the current client pause, resuming traffic.\r\n"u8 +
        "+PAUSE <timeout> [WRITE|ALL]\r\n+    Suspend all, or just write, clients for <timeout> milliseconds.\r\n"u8 +
        "+REPLY (ON|OFF|SKIP)\r\n+    Control the replies sent to the current connection.\r\n"u8 +
        "+SETNAME <name>\r\n+    Assign the name <name> to the current connection.\r\n"u8 +
        "+UNBLOCK <clientid> [TIMEOUT|ERROR]\r\n+    Unblock the specified blocked client.\r\n"u8 +
        "+TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]]\r\n+         [OPTIN] [OPTOUT] [NOLOOP]\r\n"u8 +
        "+    Control server assisted client side caching.\r\n"u8 +
        "+TRACKINGINFO\r\n+    Report tracking status for the current connection.\r\n"u8 +
        "+NO-EVICT (ON|OFF)\r\n+    Protect current client connection from eviction.\r\n"u8 +
        "+HELP\r\n+    Prints this help.\r\n"u8;

    /// <summary>A broken frame; the connection closes behind it. Redis's texts, where Redis has one.</summary>
    public static ReadOnlySpan<byte> ProtocolError(RequestProblem problem) => problem switch
    {
        RequestProblem.InvalidMultibulkLength => "-ERR Protocol error: invalid multibulk length\r\n"u8,
        RequestProblem.InvalidBulkLength => "-ERR Protocol error: invalid bulk length\r\n"u8,
        RequestProblem.MultibulkCountTooLong => "-ERR Protocol error: too big mbulk count string\r\n"u8,
        RequestProblem.BulkCountTooLong => "-ERR Protocol error: too big bulk count string\r\n"u8,
        RequestProblem.InlineTooLong => "-ERR Protocol error: too big inline request\r\n"u8,
        RequestProblem.UnbalancedQuotes => "-ERR Protocol error: unbalanced quotes in request\r\n"u8,
        RequestProblem.UnauthenticatedMultibulkLength => "-ERR Protocol error: unauthenticated multibulk length\r\n"u8,
        RequestProblem.UnauthenticatedBulkLength => "-ERR Protocol error: unauthenticated bulk length\r\n"u8,

        // Redis does not look, waits for ever, or has no such limit.
        RequestProblem.ExpectedCrlf => "-ERR Protocol error: expected CRLF\r\n"u8,
        RequestProblem.NulInInline => "-ERR Protocol error: NUL byte in inline request\r\n"u8,
        RequestProblem.RequestTooLarge => "-ERR Protocol error: request is larger than max_request_size\r\n"u8,
        _ => default,
    };

    /// <summary>An argument without `$`: its own array, since it names the byte. CR, LF and NUL are shown as a blank.</summary>
    public static ReadOnlySpan<byte> ExpectedDollar(byte found) =>
        (byte[])[.. "-ERR Protocol error: expected '$', got '"u8, found is 0 or (byte)'\r' or (byte)'\n' ? (byte)' ' : found, .. "'\r\n"u8];

    /// <summary>`-ERR wrong number of arguments for 'get' command`</summary>
    public static void WrongArity(IBufferWriter<byte> output, string command) =>
        new ErrorLine(output).Text("-ERR wrong number of arguments for '"u8).Value(command).Text("' command"u8).End();

    /// <summary>
    /// `-ERR unknown command 'FOO', with args beginning with: 'a' 'b' `. Redis cuts the name to 128 bytes and begins another argument while
    /// the list is shorter than that; both end at a NUL.
    /// </summary>
    public static void UnknownCommand(IBufferWriter<byte> output, in RequestFrame request)
    {
        var line = new ErrorLine(output).Text("-ERR unknown command '"u8);
        line.CString(request[0], ShownLength);
        line.Text("', with args beginning with: "u8);

        var shown = 0;
        for (var i = 1; i < request.Count && shown < ShownLength; i++)
        {
            line.Text("'"u8);
            shown += line.CString(request[i], ShownLength - shown) + "'' "u8.Length;
            line.Text("' "u8);
        }

        line.End();
    }

    /// <summary>`-ERR Unknown client type 'foo'`</summary>
    public static void UnknownClientType(IBufferWriter<byte> output, ReadOnlySpan<byte> type)
    {
        var line = new ErrorLine(output).Text("-ERR Unknown client type '"u8);
        line.CString(type, int.MaxValue);
        line.Text("'"u8).End();
    }

    /// <summary>`-ERR No such user 'nobody'`</summary>
    public static void NoSuchUser(IBufferWriter<byte> output, ReadOnlySpan<byte> user)
    {
        var line = new ErrorLine(output).Text("-ERR No such user '"u8);
        line.CString(user, int.MaxValue);
        line.Text("'"u8).End();
    }

    /// <summary>`-ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP.`</summary>
    public static void UnknownClientSubcommand(IBufferWriter<byte> output, ReadOnlySpan<byte> subcommand)
    {
        var line = new ErrorLine(output).Text("-ERR unknown subcommand or wrong number of arguments for '"u8);
        line.CString(subcommand, ShownLength);
        line.Text("'. Try CLIENT HELP."u8).End();
    }

    /// <summary>`-EXECABORT Transaction discarded because of: NOAUTH Authentication required.`</summary>
    /// <param name="output">Where the reply goes.</param>
    /// <param name="error">Why, as an error line or without its `-` and end.</param>
    public static void ExecAborted(IBufferWriter<byte> output, ReadOnlySpan<byte> error) =>
        new ErrorLine(output).Text("-EXECABORT Transaction discarded because of: "u8)
            .Value(error.TrimStart("-"u8).TrimEnd("\r\n"u8)).End();

    /// <summary>`-BUSY Redis is busy running a script. …`: a server's own words.</summary>
    /// <param name="output">Where the reply goes.</param>
    /// <param name="error">With the prefix.</param>
    public static void Busy(IBufferWriter<byte> output, ReadOnlySpan<byte> error) => new ErrorLine(output).Text("-"u8).Value(error).End();

    /// <summary>`-ERR unknown subcommand 'NOSUCH'. Try CLIENT HELP.`</summary>
    /// <param name="output">Where the reply goes.</param>
    /// <param name="subcommand">As the client wrote it.</param>
    /// <param name="command">Name of the command, in any case.</param>
    public static void UnknownSubcommand(IBufferWriter<byte> output, ReadOnlySpan<byte> subcommand, string command)
    {
        var line = new ErrorLine(output).Text("-ERR unknown subcommand '"u8);
        line.CString(subcommand, ShownLength);
        line.Text("'. Try "u8).Value(command.ToUpperInvariant()).Text(" HELP."u8).End();
    }

    /// <summary>`-ERR Syntax error in HELLO option 'JUNK'`</summary>
    public static void HelloSyntaxError(IBufferWriter<byte> output, ReadOnlySpan<byte> option)
    {
        var line = new ErrorLine(output).Text("-ERR Syntax error in HELLO option '"u8);
        line.CString(option, int.MaxValue);
        line.Text("'"u8).End();
    }

    /// <summary>`-ERR Unrecognized option 'x'`: CLIENT SETINFO, in the words of Redis 7.2, which has it first.</summary>
    public static void UnrecognizedOption(IBufferWriter<byte> output, ReadOnlySpan<byte> option)
    {
        var line = new ErrorLine(output).Text("-ERR Unrecognized option '"u8);
        line.CString(option, ShownLength);
        line.Text("'"u8).End();
    }

    /// <summary>CONFIG SET of a password that the proxy does not have; in the words that Redis has for a value that it cannot set.</summary>
    public static ReadOnlySpan<byte> PasswordLocksOut =>
        "-ERR CONFIG SET failed (possibly related to argument 'requirepass') - the proxy could not log in to its servers any more\r\n"u8;

    /// <summary>SCAN with something that no SCAN answered.</summary>
    public static ReadOnlySpan<byte> InvalidCursor => "-ERR invalid cursor\r\n"u8;

    /// <summary>SCAN: no more keys, and no more servers.</summary>
    public static ReadOnlySpan<byte> NothingScanned => "*2\r\n$1\r\n0\r\n*0\r\n"u8;

    /// <summary>`-ERR lib-name cannot contain spaces, newlines or special characters.`</summary>
    public static void InvalidClientInfo(IBufferWriter<byte> output, string option) =>
        new ErrorLine(output).Text("-ERR "u8).Value(option).Text(" cannot contain spaces, newlines or special characters."u8).End();

    /// <summary>A server answered the part of a split command with something that does not fit the others.</summary>
    public static ReadOnlySpan<byte> UnexpectedFragmentReply => "-ERR unexpected reply from a server to a part of the command\r\n"u8;

    /// <summary>A command that would take away a shared connection or a server.</summary>
    public static void NotSupported(IBufferWriter<byte> output, string command) =>
        new ErrorLine(output).Text("-ERR command '"u8).Value(command).Text("' is not supported by this proxy"u8).End();

    /// <summary>A command of the pool's `deny_commands`; Redis's words for what an ACL forbids.</summary>
    public static void NoPermission(IBufferWriter<byte> output, string command) =>
        new ErrorLine(output).Text("-NOPERM this user has no permissions to run the '"u8).Value(command).Text("' command"u8).End();

    /// <summary>A range pool that partitions by number and has no server for keys without one.</summary>
    public static void KeyWithoutNumber(IBufferWriter<byte> output, string pool) =>
        End(new ErrorLine(output).Text("-ERR key has no number and the pool has no 'otherwise' server"u8), pool);

    /// <summary>All servers of the pool are ejected (twemproxy: `-ERR Connection refused`).</summary>
    public static void NoLiveServer(IBufferWriter<byte> output, string pool) =>
        new ErrorLine(output).Text("-ERR Connection refused (pool "u8).Value(pool).Text(", no live server)"u8).End();

    /// <summary>The joined reply of a multi-key command does not fit the client's `client_output_limit`.</summary>
    public static void ReplyTooLarge(IBufferWriter<byte> output, string pool) =>
        End(new ErrorLine(output).Text("-ERR reply is larger than client_output_limit"u8), pool);

    /// <summary>A command that is computed from several servers' replies names more keys than that is done for.</summary>
    public static void TooManyCrossServerKeys(IBufferWriter<byte> output, string pool) =>
        End(new ErrorLine(output).Text("-ERR too many keys on several servers"u8), pool);

    /// <summary>What is queued between MULTI and EXEC is more than the pool's `max_request_size`.</summary>
    public static void TransactionTooLarge(IBufferWriter<byte> output, string pool) =>
        End(new ErrorLine(output).Text("-ERR transaction is larger than max_request_size"u8), pool);

    /// <summary>The server has `server_queue_limit` requests to answer already: this one was not sent.</summary>
    public static void QueueFull(IBufferWriter<byte> output, string pool, string server) =>
        End(new ErrorLine(output).Text("-ERR server_queue_limit reached"u8), pool, server);

    /// <summary>The pool has its `leased_connections` already: this request, which needs one, was not sent.</summary>
    public static void LeaseLimit(IBufferWriter<byte> output, string pool, string server) =>
        End(new ErrorLine(output).Text("-ERR leased_connections reached"u8), pool, server);

    /// <summary>
    /// WAIT for writes that went over other connections than the client's present one: the server refuses what we write to learn of them.
    /// </summary>
    /// <param name="output">Where the reply goes.</param>
    /// <param name="serverText">The server's error line; its end may be there.</param>
    /// <param name="pool">Name of the pool.</param>
    /// <param name="server">Name of the server.</param>
    public static void WaitRefused(IBufferWriter<byte> output, ReadOnlySpan<byte> serverText, string pool, string server) =>
        End(
            new ErrorLine(output).Text("-ERR earlier writes cannot be waited for: "u8).Value(serverText.TrimStart("-"u8).TrimEnd("\r\n"u8)),
            pool,
            server);

    /// <summary>The request may or may not have run at the server.</summary>
    public static void Failure(IBufferWriter<byte> output, ServerFailure failure, string pool, string server) =>
        End(new ErrorLine(output).Text("-ERR "u8).Text(FailureText(failure)), pool, server);

    /// <summary>The server refuses our AUTH: never as NOAUTH or WRONGPASS, or clients would log in for ever.</summary>
    /// <param name="output">Where the reply goes.</param>
    /// <param name="serverText">The server's error line without the leading `-`; its end may be there.</param>
    /// <param name="pool">Name of the pool.</param>
    /// <param name="server">Name of the server.</param>
    public static void AuthenticationFailed(IBufferWriter<byte> output, ReadOnlySpan<byte> serverText, string pool, string server) =>
        End(new ErrorLine(output).Text("-ERR backend authentication failed: "u8).Value(serverText.TrimEnd("\r\n"u8)), pool, server);

    /// <summary>The server refuses our HELLO 3.</summary>
    /// <inheritdoc cref="AuthenticationFailed"/>
    public static void HandshakeFailed(IBufferWriter<byte> output, ReadOnlySpan<byte> serverText, string pool, string server) =>
        End(new ErrorLine(output).Text("-ERR backend handshake failed: "u8).Value(serverText.TrimEnd("\r\n"u8)), pool, server);

    /// <summary>The server refuses our SELECT.</summary>
    /// <inheritdoc cref="AuthenticationFailed"/>
    public static void SelectFailed(IBufferWriter<byte> output, ReadOnlySpan<byte> serverText, string pool, string server) =>
        End(new ErrorLine(output).Text("-ERR backend database selection failed: "u8).Value(serverText.TrimEnd("\r\n"u8)), pool, server);

    private static void TrackingPrefixOverlaps(
        IBufferWriter<byte> output, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> other)
    {
        var line = new ErrorLine(output).Text("-ERR Prefix '"u8);
        line.CString(prefix, int.MaxValue);
        line.Text("' overlaps with "u8).Text(kind).Text(" prefix '"u8);
        line.CString(other, int.MaxValue);
        line.Text("'. Prefixes for a single client must not overlap."u8).End();
    }

    // strerror's words, which twemproxy sends.
    private static ReadOnlySpan<byte> FailureText(ServerFailure failure) => failure switch
    {
        ServerFailure.Refused => "Connection refused"u8,
        ServerFailure.TimedOut => "Connection timed out"u8,
        ServerFailure.Reset => "Connection reset by peer"u8,
        ServerFailure.HostDown => "Host is down"u8,
        ServerFailure.Unreachable => "No route to host"u8,
        ServerFailure.InvalidReply => "Invalid argument"u8,

        // twemproxy says "unknown": there is no errno.
        _ => "Connection lost"u8,
    };

    private static void End(ErrorLine line, string pool) => line.Text(" (pool "u8).Value(pool).Text(")"u8).End();

    private static void End(ErrorLine line, string pool, string server) =>
        line.Text(" (pool "u8).Value(pool).Text(", server "u8).Value(server).Text(")"u8).End();
}
