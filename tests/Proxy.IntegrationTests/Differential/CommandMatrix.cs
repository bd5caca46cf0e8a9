using System.Text.RegularExpressions;

namespace Proxy.IntegrationTests.Differential;

/// <summary>
/// Every command that Redis has, with arguments that mostly do not fit: none, too few, too many, keys of each type, missing keys, numbers and
/// words in each place.
/// </summary>
internal sealed partial class CommandMatrix(Twins twins)
{
    /// <summary>What would end the conversation or change its meaning, waits, or tells of chance in another way than by its own name.</summary>
    private static readonly HashSet<string> Excluded =
    [
        // Not for clients of a proxy.
        "sync", "psync", "replconf", "shutdown", "replicaof", "slaveof", "failover", "migrate", "asking", "cluster", "debug", "monitor", "script|debug",

        // The conversation's mode.
        "subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe", "quit", "reset", "multi", "hello", "auth", "select",
        "client",

        // They wait; see the random requests.
        "blpop", "brpop", "brpoplpush", "blmove", "blmpop", "bzpopmin", "bzpopmax", "bzmpop",

        // They go on after their reply, or take long.
        "save", "bgsave", "bgrewriteaof", "pfselftest",

        // They tell what else was asked of the server.
        "latency|histogram", "latency|latest", "latency|doctor",

        // Their keys may be gone before the next request.
        "pexpire",

        // Their order is chance.
        "scan", "srandmember", "hrandfield", "zrandmember", "spop",
    ];

    private static readonly string[] Types = ["string", "number", "list", "hash", "set", "zset", "stream", "hll", "none"];

    /// <summary><c>K</c> is a key of the type, <c>L</c> another key of it.</summary>
    private static readonly string[] Arguments =
    [
        "", "K", "K K", "K L", "K 1", "K x", "K 1 1", "K 0 -1", "K 1 x", "K x 1", "K x y", "K L 1", "K L x", "1 K", "2 K L", "x K", "K K K", "K 1 K",
        "K 1 2 3", "K x 1 y 2", "K a b c d e", "K 0 1 2 3 4 5 6", "K 9223372036854775808", "K -1", "K 1.5", "AND K L", "K GROUP x", "HELP", "K HELP",
        "0", "1", "K LEFT RIGHT", "K L LEFT RIGHT", "1 K LEFT", "1 K MIN", "K NOMKSTREAM 2-* a 1", "K 1-1 a 1", "K - +", "K (1 +inf", "K [a [b", "K BEFORE a b",
        "STREAMS K 0", "CREATE K g 0", "K g c 0 1-1", "K g - + 10", "K ENCODING", "ENCODING K", "K EX 100", "K 100 NX", "K COUNT 1", "K 0 COUNT 10",
        "K FIELDS a", "K GET u8 0", "K BYRADIUS 1 m", "return(1) 1 K", "return(1) 0",
    ];

    private static readonly string[][] Keys =
    [
        ["FLUSHALL"],
        .. new[] { "", "2" }.SelectMany(copy => new string[][]
        {
            ["SET", $"{{t}}string{copy}", "hello"],
            ["SET", $"{{t}}number{copy}", "10"],
            ["RPUSH", $"{{t}}list{copy}", "a", "1", "x"],
            ["HSET", $"{{t}}hash{copy}", "a", "1", "x", "y"],
            ["SADD", $"{{t}}set{copy}", "1"],
            ["ZADD", $"{{t}}zset{copy}", "1", "a", "2", "x"],
            ["XADD", $"{{t}}stream{copy}", "1-1", "a", "1"],
            ["PFADD", $"{{t}}hll{copy}", "a", "x"],
        }),
    ];

    /// <param name="keyedOnly">Only commands that name keys.</param>
    public void Run(bool keyedOnly)
    {
        if (!keyedOnly)
        {
            // What is slow is chance.
            twins.Ask("CONFIG", "SET", "slowlog-log-slower-than", "-1");
        }

        foreach (var command in Commands(keyedOnly))
        {
            foreach (var type in Types)
            {
                twins.AskAll([.. Keys, .. Requests(command.Split('|'), type)]);
            }
        }
    }

    // What needs no key is asked once.
    private static IEnumerable<string[]> Requests(string[] command, string type) => Arguments
        .Where(arguments => type == Types[0] || arguments.Contains('K'))
        .Select(arguments => arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Expand(word, type)))
        .Select(arguments => (string[])[.. command, .. arguments]);

    private static string Expand(string word, string type) => word switch
    {
        "K" => $"{{t}}{type}",
        "L" => $"{{t}}{type}2",

        // Where a word is a key it is one that lives with the others.
        "x" => "{t}x",
        _ => word,
    };

    /// <summary>The plain server's commands, and instead of one with subcommands those: <c>config|get</c>.</summary>
    private List<string> Commands(bool keyedOnly)
    {
        var commands = new List<string>();
        foreach (var name in Names(twins.Ask("COMMAND", "LIST")).Where(name => !Excluded.Contains(name)).Order(StringComparer.Ordinal))
        {
            var info = twins.Ask("COMMAND", "INFO", name);
            var subcommands = Names(info).Where(word => word.StartsWith($"{name}|", StringComparison.Ordinal)).ToList();
            if (!keyedOnly || NamesKeys(info))
            {
                commands.AddRange(subcommands.Count > 0 ? subcommands.Where(subcommand => !Excluded.Contains(subcommand)) : [name]);
            }
        }

        return commands;
    }

    // A command that names keys has a first key or finds them itself.
    private static bool NamesKeys(string info) =>
        info.Contains("movablekeys", StringComparison.Ordinal) || FirstKey().IsMatch(info) || info.Contains("begin_search", StringComparison.Ordinal);

    private static IEnumerable<string> Names(string reply) => Word().Matches(reply).Select(match => match.Groups[1].Value);

    [GeneratedRegex("\r\n([a-z0-9_|-]+)\r\n")]
    private static partial Regex Word();

    // Name, arity, flags, and then the first key: after an array of status replies.
    [GeneratedRegex("(\\+[a-z_]+\r\n):[1-9][0-9]*\r\n:-?[0-9]+\r\n:-?[0-9]+\r\n")]
    private static partial Regex FirstKey();
}
