using System.Text;

namespace Proxy.Resp.Tests.Commands.Learnt;

/// <summary>What a server says of its commands, in RESP2.</summary>
internal static class Told
{
    /// <summary>A whole COMMAND reply of these elements.</summary>
    public static byte[] Reply(params string[] commands) => Encoding.Latin1.GetBytes($"*{commands.Length}\r\n{string.Concat(commands)}");

    /// <summary>An element as of Redis 7.0: ten members.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="flags">Between blanks.</param>
    /// <param name="keys">Key specifications, each whole.</param>
    /// <param name="arity">Number of arguments.</param>
    /// <param name="categories">Between blanks.</param>
    /// <param name="tips">Between blanks.</param>
    /// <param name="range">First key, last key and step.</param>
    /// <param name="subcommands">Each whole.</param>
    public static string Command(
        string name,
        string flags = "readonly",
        string[]? keys = null,
        int arity = -1,
        string categories = "@read",
        string tips = "",
        (int First, int Last, int Step) range = default,
        string[]? subcommands = null) =>
        $"*10\r\n{Bulk(name)}:{arity}\r\n{Statuses(flags)}:{range.First}\r\n:{range.Last}\r\n:{range.Step}\r\n"
        + $"{Statuses(categories)}{Bulks(tips)}{List(keys)}{List(subcommands)}";

    /// <summary>A specification of plain positions.</summary>
    public static string Keys(long index, long lastKey = 0, long step = 1, string flags = "RO access", long limit = 0) => Spec(
        flags,
        Step("index", $"{Bulk("index")}:{index}\r\n", 1),
        Step("range", $"{Bulk("lastkey")}:{lastKey}\r\n{Bulk("keystep")}:{step}\r\n{Bulk("limit")}:{limit}\r\n", 3));

    /// <summary>A specification with a number of keys before them.</summary>
    public static string KeyNum(long index, long number = 0, long first = 1, long step = 1) => Spec(
        "RW update",
        Step("index", $"{Bulk("index")}:{index}\r\n", 1),
        Step("keynum", $"{Bulk("keynumidx")}:{number}\r\n{Bulk("firstkey")}:{first}\r\n{Bulk("keystep")}:{step}\r\n", 3));

    /// <summary>A specification with a word before the keys.</summary>
    public static string KeysAfter(string word, long from, long lastKey = 0) => Spec(
        "RO access",
        Step("keyword", $"{Bulk("keyword")}{Bulk(word)}{Bulk("startfrom")}:{from}\r\n", 2),
        Step("range", $"{Bulk("lastkey")}:{lastKey}\r\n{Bulk("keystep")}:1\r\n{Bulk("limit")}:0\r\n", 3));

    /// <summary>A specification that says that it does not know.</summary>
    public static string HiddenKeys() => Spec("RW access incomplete", Step("unknown", "", 0), Step("unknown", "", 0));

    public static string Bulk(string text) => $"${text.Length}\r\n{text}\r\n";

    private static string Spec(string flags, string begin, string find) =>
        $"*6\r\n{Bulk("flags")}{Statuses(flags)}{Bulk("begin_search")}{begin}{Bulk("find_keys")}{find}";

    private static string Step(string type, string members, int count) => $"*4\r\n{Bulk("type")}{Bulk(type)}{Bulk("spec")}*{2 * count}\r\n{members}";

    private static string Statuses(string words) => List([.. Words(words).Select(word => $"+{word}\r\n")]);

    private static string Bulks(string words) => List([.. Words(words).Select(Bulk)]);

    private static string[] Words(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string List(string[]? elements) => $"*{elements?.Length ?? 0}\r\n{string.Concat(elements ?? [])}";
}
