using Proxy.Testing;

namespace Proxy.IntegrationTests.HostileInput;

/// <summary>
/// Bad, odd and hostile requests with the answer of Redis 7.0.15, which <see cref="PlainRedisTests"/> proves against a real one. Where
/// Redis only does not look, the proxy is stricter: what it forwards goes to a connection that others share.
/// </summary>
public static class HostileInputTable
{
    private const string ExpectedCrlf = "-ERR Protocol error: expected CRLF\r\n";
    private const string InvalidBulk = "-ERR Protocol error: invalid bulk length\r\n";
    private const string InvalidMultibulk = "-ERR Protocol error: invalid multibulk length\r\n";
    private const string Ping = "*1\r\n$4\r\nPING\r\n";
    private const string TooBigInline = "-ERR Protocol error: too big inline request\r\n";
    private const string Unbalanced = "-ERR Protocol error: unbalanced quotes in request\r\n";

    private static readonly string SixtyFourKilobytes = new('1', 64 * 1024);

    public static IEnumerable<HostileInputRow> Rows =>
    [
        .. Inline(), .. ArrayHeaders(), .. BulkHeaders(), .. BulkEnds(),
        .. NotRequests(), .. UnknownCommands(), .. WrongArity(), .. OddButRight(),
    ];

    public static IEnumerable<HostileInputRow> SameAsRedis => Rows.Where(row => row.SameAsRedis);

    private static IEnumerable<HostileInputRow> Inline() =>
    [
        Open("Inline_EmptyLineBefore", "\r\nPING\r\n", "+PONG\r\n"),
        Open("Inline_BareNewlineBefore", "\nPING\r\n", "+PONG\r\n"),
        Open("Inline_LowerCaseAndLineFeed", "ping\n", "+PONG\r\n"),
        Open("Inline_OnlySpaces", "    \r\n", ""),
        Open("Inline_Quotes", "SET \"a b\" 'c d'\r\nGET \"a b\"\r\n", "+OK\r\n$3\r\nc d\r\n"),
        Open("Inline_Escapes", "ECHO \"\\x41\\n\\\"\"\r\n", "$3\r\nA\n\"\r\n"),
        Open("Inline_BetweenArrays", $"PING\r\n{Ping}PING x\r\n", "+PONG\r\n+PONG\r\n$1\r\nx\r\n"),
        Closed("Inline_TextAfterClosingQuote", "set \"\"\"k\"\"\" v\r\n", Unbalanced),
        Closed("Inline_QuoteNotClosed", "get 'abc\r\n", Unbalanced),
        Closed("Inline_LongerThan64Kilobytes", $"{SixtyFourKilobytes}1", TooBigInline),
    ];

    private static IEnumerable<HostileInputRow> ArrayHeaders() =>
    [
        Open("Array_OfNothing", $"*0\r\n{Ping}", "+PONG\r\n"),
        Open("Array_Null", $"*-1\r\n{Ping}", "+PONG\r\n"),
        Open("Array_Negative", $"*-10\r\n{Ping}", "+PONG\r\n"),
        Open("Array_ManyOfNothing", string.Concat(Enumerable.Repeat("*0\r\n", 50_000)) + Ping, "+PONG\r\n"),
        Closed("Array_CountBeyondInt", "*2147483648\r\n", InvalidMultibulk),
        Closed("Array_CountBeyondUint", "*3000000000\r\n", InvalidMultibulk),
        Closed("Array_CountLongMax", "*9223372036854775807\r\n", InvalidMultibulk),
        Closed("Array_CountBeyondLong", "*9223372036854775808\r\n", InvalidMultibulk),
        Stricter("Array_CountOfIntMax", "*2147483647\r\n", InvalidMultibulk),
        Stricter("Array_CountBeyondAMillion", "*1048577\r\n", InvalidMultibulk),
        Closed("Array_CountOfLetters", "*abc\r\n", InvalidMultibulk),
        Closed("Array_CountWithPlus", "*+1\r\n", InvalidMultibulk),
        Closed("Array_CountWithLeadingZero", "*01\r\n", InvalidMultibulk),
        Closed("Array_CountWithSpace", "* 1\r\n", InvalidMultibulk),
        Closed("Array_CountWithFraction", "*1.0\r\n", InvalidMultibulk),
        Closed("Array_CountMissing", "*\r\n", InvalidMultibulk),
        Closed("Array_LineFeedsOnly", "*1\n$4\nPING\n\r\n", InvalidMultibulk),
        Closed("Array_CountLineWithoutEnd", $"*{SixtyFourKilobytes}", "-ERR Protocol error: too big mbulk count string\r\n"),
        Closed("Array_CountLineWithNul", $"*\0{SixtyFourKilobytes}", "-ERR Protocol error: too big mbulk count string\r\n"),
    ];

    private static IEnumerable<HostileInputRow> BulkHeaders() =>
    [
        Closed("Bulk_HeaderIsText", "*1\r\nfoo\r\n", "-ERR Protocol error: expected '$', got 'f'\r\n"),
        Closed("Bulk_HeaderIsInteger", "*1\r\n:1\r\n", "-ERR Protocol error: expected '$', got ':'\r\n"),
        Closed("Bulk_HeaderIsArray", "*1\r\n*1\r\n", "-ERR Protocol error: expected '$', got '*'\r\n"),
        Closed("Bulk_HeaderIsSimpleString", "*1\r\n+PING\r\n", "-ERR Protocol error: expected '$', got '+'\r\n"),
        Closed("Bulk_Null", "*1\r\n$-1\r\n", InvalidBulk),
        Closed("Bulk_Negative", "*1\r\n$-10\r\n", InvalidBulk),
        Closed("Bulk_LengthOfLetters", "*1\r\n$blabla\r\n", InvalidBulk),
        Closed("Bulk_LengthMissing", "*1\r\n$\r\n", InvalidBulk),
        Closed("Bulk_LengthWithLeadingZero", "*2\r\n$03\r\nGET\r\n$1\r\na\r\n", InvalidBulk),
        Closed("Bulk_LengthWithPlus", "*1\r\n$+4\r\nPING\r\n", InvalidBulk),
        Closed("Bulk_LengthBeyondLong", "*1\r\n$99999999999999999999\r\n", InvalidBulk),
        Closed("Bulk_LengthBeyond512Megabytes", "*1\r\n$536870913\r\n", InvalidBulk),
        Closed("Bulk_SecondLengthBad", "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$-1\r\n", InvalidBulk),
        Closed("Bulk_LengthLineWithoutEnd", $"*1\r\n${SixtyFourKilobytes}", "-ERR Protocol error: too big bulk count string\r\n"),
        Closed("Bulk_LengthLineWithNul", $"*1\r\n$\0{SixtyFourKilobytes}", "-ERR Protocol error: too big bulk count string\r\n"),
        Closed("Bulk_AfterGoodRequests_AnswersThoseFirst", $"{Ping}PING x\r\n*1\r\n$-1\r\n", $"+PONG\r\n$1\r\nx\r\n{InvalidBulk}"),
    ];

    private static IEnumerable<HostileInputRow> BulkEnds() =>
    [
        Stricter("BulkEnd_ShorterThanSaid", "*1\r\n$4\r\nPIN\r\nX\r\n", ExpectedCrlf),
        Stricter("BulkEnd_LongerThanSaid", "*1\r\n$4\r\nPINGX\r\n", ExpectedCrlf),
        Stricter("BulkEnd_JunkInPlaceOfCrlf", "*1\r\n$4\r\nPINGxy", ExpectedCrlf),
        Stricter("BulkEnd_LineFeedOnly", "*1\r\n$4\r\nPING\nX", ExpectedCrlf),
        Stricter("BulkEnd_OfAKeyIsJunk", "*2\r\n$3\r\nGET\r\n$1\r\naXY", ExpectedCrlf),
    ];

    private static IEnumerable<HostileInputRow> NotRequests() =>
    [
        Closed("Http_Post", "POST / HTTP/1.1\r\n", ""),
        // Redis forgets the replies that it had not written yet when it meets `Host:`; the proxy writes them.
        Stricter("Http_Get", "GET / HTTP/1.1\r\nHost: example\r\n", "-ERR wrong number of arguments for 'get' command\r\n"),
        // Redis has no command PROXY.
        Open("ProxyProtocolHeader", "PROXY TCP4 1.2.3.4 5.6.7.8 11 22\r\n", "-ERR unknown subcommand 'TCP4'. Try PROXY HELP.\r\n") with
        {
            SameAsRedis = false,
        },
        Open("Memcached_Set", "set foo 0 0 3\r\nbar\r\n", $"-ERR syntax error\r\n{Unknown("bar")}"),
        Open("Resp3_Map", "%1\r\n", Unknown("%1")),
        Open("Resp3_Push", ">2\r\n", Unknown(">2")),
        Open("Resp3_Null", "_\r\n", Unknown("_")),
        Open("Resp3_Boolean", "#t\r\n", Unknown("#t")),
        Open("Reply_SimpleString", "+OK\r\n", Unknown("+OK")),
        Open("Reply_Error", "-ERR no\r\n", "-ERR unknown command '-ERR', with args beginning with: 'no' \r\n"),
        Open("Reply_Integer", ":1\r\n", Unknown(":1")),
        Closed("Inline_BulkWithNul", $"$\0{SixtyFourKilobytes}", TooBigInline),
    ];

    private static IEnumerable<HostileInputRow> UnknownCommands() =>
    [
        Open("Unknown_EmptyName", "*1\r\n$0\r\n\r\n", Unknown("")),
        Open("Unknown_WithArguments", Request("FOOBAR", "a", "b"), "-ERR unknown command 'FOOBAR', with args beginning with: 'a' 'b' \r\n"),
        Open("Unknown_LongName", Request(new string('n', 500)), Unknown(new string('n', 128))),
        Open(
            "Unknown_LongArgument", Request("FOOBAR", new string('a', 500)),
            $"-ERR unknown command 'FOOBAR', with args beginning with: '{new string('a', 128)}' \r\n"),
        Open(
            "Unknown_ManyArguments", Request(["FOOBAR", .. Enumerable.Repeat(new string('a', 50), 9)]),
            "-ERR unknown command 'FOOBAR', with args beginning with: "
            + $"'{new string('a', 50)}' '{new string('a', 50)}' '{new string('a', 22)}' \r\n"),
        Open(
            "Unknown_LineEndsInArguments", Request("FOO\r\nBAR", "a\r\nb"),
            "-ERR unknown command 'FOO  BAR', with args beginning with: 'a  b' \r\n"),
        Open("Unknown_NameWithDottedCapitalI", Request("\u00c4\u00b0NFO"), Unknown("\u00c4\u00b0NFO")),
        Open("Unknown_Subcommand", Request("CLIENT", "NOSUCH"), "-ERR unknown subcommand 'NOSUCH'. Try CLIENT HELP.\r\n"),
        Open("Unknown_SubcommandOfObject", Request("OBJECT", "nosuch", "k"), "-ERR unknown subcommand 'nosuch'. Try OBJECT HELP.\r\n"),
        Open(
            "Unknown_MaintNotifications", Request("CLIENT", "MAINT_NOTIFICATIONS", "ON"),
            "-ERR unknown subcommand 'MAINT_NOTIFICATIONS'. Try CLIENT HELP.\r\n"),
    ];

    private static IEnumerable<HostileInputRow> WrongArity() =>
    [
        Open("Arity_GetWithoutKey", Request("GET"), Arity("get")),
        Open("Arity_GetOfTwo", Request("Get", "a", "b"), Arity("get")),
        Open("Arity_MsetWithoutPairs", Request("MSET"), Arity("mset")),
        Open("Arity_MsetOdd", Request("MSET", "a", "1", "b"), Arity("mset")),
        Open("Arity_PingOfThree", Request("PING", "x", "y", "z"), Arity("ping")),
        Open("Arity_PingOfTwo", Request("PING", "x", "y"), Arity("ping")),
        Open("Arity_DelWithoutKey", Request("DEL"), Arity("del")),
        Open("Arity_MgetWithoutKey", Request("MGET"), Arity("mget")),
        Open("Arity_ClientWithoutSubcommand", Request("CLIENT"), Arity("client")),
        Open("Arity_Subcommand", Request("CLIENT", "SETNAME"), Arity("client|setname")),
        Open("Arity_RefusedCommand", Request("CONFIG", "GET"), Arity("config|get")),
        Open(
            "Arity_EvalMoreKeysThanArguments", Request("EVAL", "return 1", "5", "a"),
            "-ERR Number of keys can't be greater than number of args\r\n"),
        Open("Arity_EvalNegativeKeys", Request("EVAL", "return 1", "-1", "a"), "-ERR Number of keys can't be negative\r\n"),
        Open("Arity_EvalKeysNotANumber", Request("EVAL", "return 1", "abc", "a"), "-ERR value is not an integer or out of range\r\n"),
    ];

    private static IEnumerable<HostileInputRow> OddButRight() =>
    [
        Open("Odd_MixedCase", Request("sEt", "k", "v") + Request("gEt", "k"), "+OK\r\n$1\r\nv\r\n"),
        Open("Odd_EmptyKeyAndValue", Request("SET", "", "") + Request("GET", ""), "+OK\r\n$0\r\n\r\n"),
        Open(
            "Odd_BinaryKeyAndValue", Request("SET", "\0\r\n\u00ff$1\r\n", "\r\n*1\r\n\0") + Request("GET", "\0\r\n\u00ff$1\r\n"),
            "+OK\r\n$7\r\n\r\n*1\r\n\0\r\n"),
        Open("Odd_HugeNumber", Request("EXPIRE", "k", "9e999"), "-ERR value is not an integer or out of range\r\n"),
        Open("Odd_GarbageCursor", Request("HSCAN", "k", "abc"), "-ERR invalid cursor\r\n"),
        Open("Odd_UnknownScript", Request("EVALSHA", new string('f', 40), "1", "k"), "-NOSCRIPT No matching script. Please use EVAL.\r\n"),
    ];

    private static string Arity(string name) => $"-ERR wrong number of arguments for '{name}' command\r\n";

    private static string Unknown(string name) => $"-ERR unknown command '{name}', with args beginning with: \r\n";

    private static string Request(params string[] arguments) => System.Text.Encoding.Latin1.GetString(RespFrame.Request(arguments));

    private static HostileInputRow Open(string name, string input, string output) =>
        new(name, input, output, Closes: false, SameAsRedis: true);

    private static HostileInputRow Closed(string name, string input, string output) =>
        new(name, input, output, Closes: true, SameAsRedis: true);

    private static HostileInputRow Stricter(string name, string input, string output) =>
        new(name, input, output, Closes: true, SameAsRedis: false);
}
