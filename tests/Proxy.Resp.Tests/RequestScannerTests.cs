using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>
/// What a request is. Every literal runs whole, at every two-way cut and byte by byte. The error texts are those that Redis 7.0.15 sent
/// for the same bytes, where it answers at all.
/// </summary>
public sealed class RequestScannerTests
{
    private const string InvalidMultibulk = "-ERR Protocol error: invalid multibulk length";
    private const string InvalidBulk = "-ERR Protocol error: invalid bulk length";
    private const string ExpectedCrlf = "-ERR Protocol error: expected CRLF";
    private const string Unbalanced = "-ERR Protocol error: unbalanced quotes in request";
    private const string NulInInline = "-ERR Protocol error: NUL byte in inline request";
    private const string Ping = "*1\r\n$4\r\nPING\r\n";

    private static readonly string Ones = new('1', 64 * 1024);

    [TestCase(Ping, "PING")]
    [TestCase("*2\r\n$3\r\nGET\r\n$1\r\na\r\n", "GET|a")]
    [TestCase("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$12\r\ntwelve bytes\r\n", "SET|key|twelve bytes")]
    [TestCase("*1\r\n$0\r\n\r\n", "")]
    [TestCase("*3\r\n$3\r\nSET\r\n$0\r\n\r\n$0\r\n\r\n", "SET||")]
    [TestCase("*2\r\n$3\r\nGET\r\n$6\r\n\0\r\n\u00ff$1\r\n", "GET|\0\r\n\u00ff$1")]
    [TestCase("*9\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n$1\r\n4\r\n$1\r\n5\r\n$1\r\n6\r\n$1\r\n7\r\n$1\r\n8\r\n$1\r\n9\r\n", "1|2|3|4|5|6|7|8|9")]
    [TestCase("*10\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n$1\r\n4\r\n$1\r\n5\r\n$1\r\n6\r\n$1\r\n7\r\n$1\r\n8\r\n$1\r\n9\r\n$2\r\n10\r\n", "1|2|3|4|5|6|7|8|9|10")]
    public void Array_Whole_IsRequest(string literal, string request) => Check(literal, request);

    [Test]
    public void Array_OfFiftyArguments_IsRequest()
    {
        var arguments = Enumerable.Range(1, 50).Select(i => $"a{i}").ToArray();

        Check(Array(arguments), string.Join('|', arguments));
    }

    [Test]
    public void Array_WithLongArguments_IsRequest()
    {
        string[] arguments = ["SET", new('k', 300), new('v', 100_000)];

        Check(Array(arguments), string.Join('|', arguments));
    }

    [Test]
    public void Requests_Pipelined_EachIsFound() =>
        Check(Ping + "*2\r\n$3\r\nGET\r\n$1\r\na\r\nPING\r\n" + Ping + "GET b\n" + Ping, "PING", "GET|a", "PING", "PING", "GET|b", "PING");

    [TestCase("*0\r\n" + Ping)]
    [TestCase("*-1\r\n" + Ping)]
    [TestCase("*-10\r\n" + Ping)]
    [TestCase("*-9223372036854775808\r\n" + Ping)]
    [TestCase("\r\n" + Ping)]
    [TestCase("\n" + Ping)]
    [TestCase("   \t \r\n" + Ping)]
    [TestCase("\v\f\r\n\r\n\n*0\r\n" + Ping)]
    public void NothingBeforeARequest_Skipped(string literal) => Check(literal, "PING");

    [TestCase("*2147483648\r\n")]
    [TestCase("*3000000000\r\n")]
    [TestCase("*9223372036854775808\r\n")]
    [TestCase("*-9223372036854775809\r\n")]
    [TestCase("*2147483647\r\n")]
    [TestCase("*1048577\r\n")]
    [TestCase("*abc\r\n")]
    [TestCase("*+1\r\n")]
    [TestCase("*01\r\n")]
    [TestCase("*00\r\n")]
    [TestCase("*-0\r\n")]
    [TestCase("*-\r\n")]
    [TestCase("* 1\r\n")]
    [TestCase("*1 \r\n")]
    [TestCase("*1.0\r\n")]
    [TestCase("*\r\n")]
    [TestCase("*\0\r\n")]
    [TestCase("*1\n$4\nPING\n")]
    [TestCase("*1\rX$4\r\nPING\r\n")]
    [TestCase("*1\r\r\n$4\r\nPING\r\n")]
    public void Array_CountIsNone_InvalidMultibulkLength(string literal) => Check(literal, InvalidMultibulk);

    [TestCase("$-1\r\n")]
    [TestCase("$-10\r\n")]
    [TestCase("$blabla\r\n")]
    [TestCase("$\r\n")]
    [TestCase("$04\r\nPING\r\n")]
    [TestCase("$00\r\n\r\n")]
    [TestCase("$+4\r\nPING\r\n")]
    [TestCase("$ 4\r\nPING\r\n")]
    [TestCase("$4a\r\nPING\r\n")]
    [TestCase("$99999999999999999999\r\n")]
    [TestCase("$536870913\r\n")]
    [TestCase("$4\0\r\nPING\r\n")]
    [TestCase("$4\nPING\n")]
    [TestCase("$4\rXPING\r\n")]
    public void Argument_LengthIsNone_InvalidBulkLength(string argument)
    {
        Check("*1\r\n" + argument, InvalidBulk);
        Check("*3\r\n$3\r\nSET\r\n$1\r\na\r\n" + argument, InvalidBulk);
    }

    [TestCase("foo\r\n", 'f')]
    [TestCase(":1\r\n", ':')]
    [TestCase("*1\r\n", '*')]
    [TestCase("+PING\r\n", '+')]
    [TestCase("\r\n", ' ')]
    [TestCase("\n\r\n", ' ')]
    [TestCase("\0\r\n", ' ')]
    [TestCase("\u00ff\r\n", '\u00ff')]
    [TestCase("foo\n", 'f')]
    [TestCase("foo\rX", 'f')]
    public void Argument_WithoutDollar_NamesTheByte(string argument, char found) => Check("*2\r\n$3\r\nGET\r\n" + argument, $"-ERR Protocol error: expected '$', got '{found}'");

    [TestCase("*1\r\n$4\r\nPIN\r\nX\r\n")]
    [TestCase("*1\r\n$4\r\nPINGX\r\n")]
    [TestCase("*1\r\n$4\r\nPINGxy")]
    [TestCase("*1\r\n$4\r\nPING\nX")]
    [TestCase("*1\r\n$4\r\nPING\rX")]
    [TestCase("*2\r\n$3\r\nGET\r\n$1\r\naXY")]
    [TestCase("*1\r\n$0\r\nXY")]
    public void Argument_WithoutItsEnd_ExpectedCrlf(string literal) => Check(literal, ExpectedCrlf);

    [Test]
    public void Error_AfterRequests_RequestsComeFirst() => Check(Ping + "PING x\r\n*1\r\n$-1\r\n", "PING", "PING|x", InvalidBulk);

    [Test]
    public void Line_LongerThanTheLimit_NamesTheLine()
    {
        Check("*" + Ones, "-ERR Protocol error: too big mbulk count string");
        Check("*\0" + Ones, "-ERR Protocol error: too big mbulk count string");
        Check("*1\r\n$" + Ones, "-ERR Protocol error: too big bulk count string");
        Check("*1\r\n$\0" + Ones, "-ERR Protocol error: too big bulk count string");
        Check("1" + Ones, "-ERR Protocol error: too big inline request");
        Check("$\0" + Ones, "-ERR Protocol error: too big inline request");
        Check("1" + Ones + "\n", "-ERR Protocol error: too big inline request");
    }

    [Test]
    public void Line_AsLongAsTheLimit_Waits()
    {
        Check("*" + Ones[1..], "…");
        Check("*1\r\n$" + Ones[1..], "…");
        Check(Ones, "…");
        Check(Ones + "\n", Ones);
    }

    [TestCase("PING\r\n", "PING")]
    [TestCase("ping\n", "ping")]
    [TestCase("  GET   a \t b\r\n", "GET|a|b")]
    [TestCase("SET \"a b\" 'c d'\r\n", "SET|a b|c d")]
    [TestCase("echo \"\\n\\r\\t\\b\\a\\q\\x4\\xZZ\\x41\\\\\\\"\"\r\n", "echo|\n\r\t\b\aqx4xZZA\\\"")]
    [TestCase("echo 'a\\'b\\n\\x41\\\"'\r\n", "echo|a'b\\n\\x41\\\"")]
    [TestCase("echo foo\"bar baz\"\r\n", "echo|foobar baz")]
    [TestCase("echo foo'bar'\r\n", "echo|foobar")]
    [TestCase("echo \"\" ''\r\n", "echo||")]
    [TestCase("echo\vfoo\r\n", "echo\vfoo")]
    [TestCase("\vecho foo\r\n", "echo|foo")]
    [TestCase("echo \"foo\"\vx\r\n", "echo|foo|x")]
    [TestCase("PING\r\r\n", "PING")]
    [TestCase("PING\rPING\r\n", "PING|PING")]
    [TestCase("echo \"\\x00\\x0d\\x0a\\xfF\"\r\n", "echo|\0\r\n\u00ff")]
    [TestCase("$3\r\n", "$3")]
    [TestCase("%1\r\n", "%1")]
    [TestCase("+OK\r\n", "+OK")]
    [TestCase("\u0016x\r\n", "\u0016x")]
    [TestCase("Host:foo\r\n", "Host:foo")]
    [TestCase("POSTS\r\n", "POSTS")]
    [TestCase("hosts\r\n", "hosts")]
    public void Inline_Words_AreArguments(string literal, string request) => Check(literal, request);

    [Test]
    public void Inline_ManyWords_AreArguments()
    {
        var words = Enumerable.Range(0, 300).Select(i => i.ToString()).ToArray();

        Check(string.Join(' ', words) + "\r\n", string.Join('|', words));
    }

    [TestCase("set \"\"\"k\"\"\" v\r\n")]
    [TestCase("get 'abc\r\n")]
    [TestCase("get \"abc\r\n")]
    [TestCase("get \"abc\\\r\n")]
    [TestCase("get 'abc\\'\r\n")]
    [TestCase("echo \"foo\"bar\r\n")]
    [TestCase("echo 'foo'bar\r\n")]
    [TestCase("echo \"a\"'b'\r\n")]
    public void Inline_QuotesDoNotMatch_UnbalancedQuotes(string literal) => Check(literal, Unbalanced);

    [TestCase("PI\0NG\r\n")]
    [TestCase("\0\n")]
    [TestCase("$\0\r\n")]
    public void Inline_WithNul_IsError(string literal) => Check(literal, NulInInline);

    [TestCase("POST / HTTP/1.1\r\n")]
    [TestCase("post\n")]
    [TestCase("host: example\r\n")]
    [TestCase("\"POST\" x\r\n")]
    [TestCase("*1\r\n$4\r\npOsT\r\n")]
    [TestCase("*1\r\n$5\r\nHoST:\r\n")]
    [TestCase("*1\r\n$5\r\nPOST\0\r\n")]
    [TestCase("*10\r\n$4\r\nPOST\r\n$1\r\n2\r\n$1\r\n3\r\n$1\r\n4\r\n$1\r\n5\r\n$1\r\n6\r\n$1\r\n7\r\n$1\r\n8\r\n$1\r\n9\r\n$1\r\n0\r\n")]
    public void Http_AsCommand_ClosedSilently(string literal) => Check(Ping + literal + Ping, "PING", "closed");

    [Test]
    public void Http_AsCommand_ProblemSaysSo()
    {
        var scanner = Scanner();

        scanner.Scan("POST / HTTP/1.1\r\n"u8);

        Assert.That(scanner.Problem, Is.EqualTo(RequestProblem.HttpRequest));
    }

    [Test]
    public void TlsHandshake_ClosedSilently() => Check("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003", "closed");

    [Test]
    public void TlsHandshake_ProblemSaysSo()
    {
        var scanner = Scanner();

        scanner.Scan([0x16, 0x03, 0x01]);

        Assert.That(scanner.Problem, Is.EqualTo(RequestProblem.TlsClientHello));
    }

    [TestCase("*11\r\n$4\r\nPING\r\n", "-ERR Protocol error: unauthenticated multibulk length")]
    [TestCase("*1\r\n$16385\r\n", "-ERR Protocol error: unauthenticated bulk length")]
    [TestCase("*2\r\n$4\r\nAUTH\r\n$16385\r\n", "-ERR Protocol error: unauthenticated bulk length")]
    [TestCase("*10\r\n$4\r\n", "…")]
    [TestCase("*1\r\n$16384\r\n", "…")]
    [TestCase("*1\r\n$536870913\r\n", InvalidBulk)]
    [TestCase("*1048577\r\n", InvalidMultibulk)]
    [TestCase("*2\r\n$4\r\nAUTH\r\n$2\r\npw\r\n", "AUTH|pw")]
    public void Unauthenticated_RedisLimits(string literal, string outcome) => Check(RequestLimits.Default, authenticated: false, literal, outcome);

    [Test]
    public void Unauthenticated_LongArgumentThatIsThere_UnauthenticatedBulkLength() =>
        Check(RequestLimits.Default, authenticated: false, Array("AUTH", new string('x', 16385)), "-ERR Protocol error: unauthenticated bulk length");

    [Test]
    public void Authenticated_DuringThePipeline_NextRequestHasTheFullLimits()
    {
        var scanner = new RequestScanner(RequestLimits.Default);
        var bytes = Cuts.Bytes("AUTH pw\r\n" + Array("SET", "a", new string('x', 20000)));
        scanner.Scan(bytes);
        scanner.Authenticated = true;

        Assert.That(scanner.Scan(bytes.AsSpan(scanner.Consumed)), Is.EqualTo(RequestScanStatus.Request));
    }

    [TestCase(2, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n", "GET|a")]
    [TestCase(2, "*3\r\n$3\r\nGET\r\n$1\r\na\r\n$1\r\nb\r\n", InvalidMultibulk)]
    [TestCase(2, "GET a\r\n", "GET|a")]
    [TestCase(2, "GET a b\r\n", InvalidMultibulk)]
    public void MaxArguments_OfLimits_Kept(int most, string literal, string outcome) =>
        Check(RequestLimits.Default with { MaxArguments = most }, authenticated: true, literal, outcome);

    [TestCase(3, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n", "GET|a")]
    [TestCase(3, "*2\r\n$3\r\nGET\r\n$4\r\nabcd\r\n", InvalidBulk)]
    public void MaxBulkLength_OfLimits_Kept(long most, string literal, string outcome) =>
        Check(RequestLimits.Default with { MaxBulkLength = most }, authenticated: true, literal, outcome);

    [TestCase(20, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n", "GET|a")]
    [TestCase(19, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n", "-ERR Protocol error: request is larger than max_request_size")]
    [TestCase(19, "*2\r\n$3\r\nGET\r\n$100\r\n", "-ERR Protocol error: request is larger than max_request_size")]
    [TestCase(19, "*2\r\n$3\r\nGET\r\n$x\r\na\r\n", InvalidBulk)]
    [TestCase(19, "*2\r\n$30\r\nGET\r\n$x\r\na\r\n", "-ERR Protocol error: request is larger than max_request_size")]
    public void MaxRequestSize_OfLimits_Kept(long most, string literal, string outcome) =>
        Check(RequestLimits.Default with { MaxRequestSize = most }, authenticated: true, literal, outcome);

    [Test]
    public void Count_OfAMillionArguments_Waits() => Check("*1048576\r\n", "…");

    [Test]
    public void LargeArgument_HalfThere_BytesWantedIsTheWholeFrame()
    {
        var scanner = Scanner();

        scanner.Scan("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$536870912\r\nabc"u8);

        Assert.That(scanner.BytesWanted, Is.EqualTo("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$536870912\r\n".Length + 536870912 + 2));
    }

    [Test]
    public void ManyArguments_DeclaredOnly_BytesWantedCountsTheShortest()
    {
        var scanner = Scanner();

        scanner.Scan("*1000\r\n$100\r\n"u8);

        Assert.That(scanner.BytesWanted, Is.EqualTo("*1000\r\n$100\r\n".Length + 102 + (999 * "$0\r\n\r\n".Length)));
    }

    [Test]
    public void UnfinishedFrame_EarlierBytesChange_NotLookedAtAgain()
    {
        var scanner = Scanner();
        var bytes = Cuts.Bytes("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n");
        for (var length = 1; length < bytes.Length; length++)
        {
            scanner.Scan(bytes.AsSpan(0, length));
            if (length > "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\n".Length)
            {
                bytes.AsSpan(0, Math.Min(length, bytes.Length - 2)).Fill((byte)'x');
            }
        }

        Assert.That(scanner.Scan(bytes), Is.EqualTo(RequestScanStatus.Request));
    }

    [Test]
    public void EncodedFrom_SeveralArguments_OneSpan()
    {
        var scanner = Scanner();
        var bytes = "*4\r\n$3\r\nDEL\r\n$1\r\na\r\n$2\r\nbb\r\n$1\r\nc\r\n"u8;
        scanner.Scan(bytes);

        Assert.That(Cuts.Text(scanner.Frame(bytes).EncodedFrom(2, 2)), Is.EqualTo("$2\r\nbb\r\n$1\r\nc\r\n"));
    }

    [Test]
    public void EncodedFrom_NoArguments_Empty()
    {
        var scanner = Scanner();
        scanner.Scan("PING\r\n"u8);

        Assert.That(scanner.Frame("PING\r\n"u8).EncodedFrom(1, 0).Length, Is.Zero);
    }

    [Test]
    public void Error_ScannedAgain_StaysAnError()
    {
        var scanner = Scanner();
        scanner.Scan("*x\r\n"u8);

        Assert.That(scanner.Scan("*1\r\n$4\r\nPING\r\n"u8), Is.EqualTo(RequestScanStatus.Error));
    }

    [Test]
    public void Reset_InMidFrame_NextByteBeginsAFrame()
    {
        var scanner = Scanner();
        scanner.Scan("*3\r\n$3\r\nSET\r\n$100\r\nabc"u8);
        scanner.Reset();

        Assert.That(RequestTranscript.Of(scanner, Cuts.Bytes(Ping), [Ping.Length]), Is.EqualTo(["PING"]));
    }

    private static RequestScanner Scanner() => new(RequestLimits.Default) { Authenticated = true };

    private static string Array(params string[] arguments) => $"*{arguments.Length}\r\n" + string.Concat(arguments.Select(a => $"${a.Length}\r\n{a}\r\n"));

    private static void Check(string literal, params string[] transcript) => Check(RequestLimits.Default, authenticated: true, literal, transcript);

    private static void Check(RequestLimits limits, bool authenticated, string literal, params string[] transcript)
    {
        var bytes = Cuts.Bytes(literal);
        foreach (var ends in Cuts.Of(bytes.Length))
        {
            var scanner = new RequestScanner(limits) { Authenticated = authenticated };
            Assert.That(RequestTranscript.Of(scanner, bytes, ends), Is.EqualTo(transcript), () => $"{ends.Length} pieces, the first of {ends[0]} bytes");
        }
    }
}
