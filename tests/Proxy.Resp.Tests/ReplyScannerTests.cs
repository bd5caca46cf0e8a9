using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>What a reply is. Every literal runs whole, at every two-way cut and byte by byte.</summary>
public sealed class ReplyScannerTests
{
    [TestCase("+OK\r\n")]
    [TestCase("+\r\n")]
    [TestCase("-ERR unknown command 'x', with args beginning with: \r\n")]
    [TestCase(":0\r\n")]
    [TestCase(":-1\r\n")]
    [TestCase(":9223372036854775807\r\n")]
    [TestCase(":-9223372036854775808\r\n")]
    [TestCase("$0\r\n\r\n")]
    [TestCase("$5\r\nhello\r\n")]
    [TestCase("$11\r\n+OK\r\n$3\r\n*1\r\n")]
    [TestCase("$-1\r\n")]
    [TestCase("*0\r\n")]
    [TestCase("*-1\r\n")]
    [TestCase("*3\r\n$1\r\na\r\n$-1\r\n:7\r\n")]
    [TestCase("*2\r\n*2\r\n+a\r\n*0\r\n*1\r\n*1\r\n$1\r\nx\r\n")]
    [TestCase("*2\r\n-ERR inside\r\n*-1\r\n")]
    [TestCase("_\r\n")]
    [TestCase("#t\r\n")]
    [TestCase("#f\r\n")]
    [TestCase(",1\r\n")]
    [TestCase(",-1.25\r\n")]
    [TestCase(",+3.5e-10\r\n")]
    [TestCase(",1E5\r\n")]
    [TestCase(",inf\r\n")]
    [TestCase(",-inf\r\n")]
    [TestCase(",nan\r\n")]
    [TestCase("(3492890328409238509324850943850943825024385\r\n")]
    [TestCase("(-1\r\n")]
    [TestCase("(\r\n")]
    [TestCase("(123  any text\r\n")]
    [TestCase("!21\r\nSYNTAX invalid syntax\r\n")]
    [TestCase("=15\r\ntxt:Some string\r\n")]
    [TestCase("=4\r\ntxt:\r\n")]
    [TestCase("%2\r\n+first\r\n:1\r\n+second\r\n*1\r\n:2\r\n")]
    [TestCase("%0\r\n")]
    [TestCase("~3\r\n$1\r\na\r\n#t\r\n_\r\n")]
    [TestCase(">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\na\r\n")]
    public void Reply_Whole_Complete(string literal) => Check(literal, $"{literal[0]} {literal}");

    [TestCase("|1\r\n+ttl\r\n:3600\r\n$1\r\na\r\n", '$')]
    [TestCase("|0\r\n:1\r\n", ':')]
    [TestCase("|1\r\n*1\r\n+k\r\n%1\r\n+a\r\n+b\r\n|1\r\n+c\r\n+d\r\n*1\r\n+x\r\n", '*')]
    [TestCase("*2\r\n|1\r\n+ttl\r\n:3600\r\n:1\r\n:2\r\n", '*')]
    [TestCase("*1\r\n|0\r\n:1\r\n", '*')]
    [TestCase("|1\r\n+a\r\n+b\r\n>1\r\n+x\r\n", '>')]
    public void Attribute_BeforeItsReply_OneReply(string literal, char kind) => Check(literal, $"{kind} {literal}");

    [Test]
    public void Replies_OneAfterTheOther_EachEnds() => Check(
        "+OK\r\n$1\r\na\r\n*2\r\n:1\r\n:2\r\n>1\r\n+x\r\n-ERR no\r\n:5\r\n$3\r\nhal",
        "+ +OK\r\n", "$ $1\r\na\r\n", "* *2\r\n:1\r\n:2\r\n", "> >1\r\n+x\r\n", "- -ERR no\r\n", ": :5\r\n", "…");

    [Test]
    public void Text_OfTenThousandBytes_Complete()
    {
        var literal = $"-ERR {new string('x', 10_000)}\r\n";

        Check(literal, $"- {literal}");
    }

    [Test]
    public void Bulk_OfHundredThousandBytes_Complete()
    {
        var literal = $"$100000\r\n{new string('\r', 100_000)}\r\n";

        Check(literal, $"$ {literal}");
    }

    [TestCase("OK\r\n")]
    [TestCase("\r\n")]
    [TestCase("\0")]
    [TestCase("HTTP/1.1 400 Bad Request\r\n")]
    [TestCase("+OK\n$1\r\n")]
    [TestCase("+OK\rX")]
    [TestCase("-ERR a\nb\r\n")]
    [TestCase(":12a\r\n")]
    [TestCase(":\r\n")]
    [TestCase(":-\r\n")]
    [TestCase(":+1\r\n")]
    [TestCase(":01\r\n")]
    [TestCase(":-0\r\n")]
    [TestCase(": 1\r\n")]
    [TestCase(":9223372036854775808\r\n")]
    [TestCase(":-9223372036854775809\r\n")]
    [TestCase(":1\n")]
    [TestCase("$5\r\nabc\r\n$1\r\na\r\n")]
    [TestCase("$1\r\nab\r\n")]
    [TestCase("$1\r\na\n\n")]
    [TestCase("$1\r\na\rX")]
    [TestCase("$\r\n")]
    [TestCase("$-2\r\n")]
    [TestCase("$01\r\na\r\n")]
    [TestCase("$1\nX")]
    [TestCase("$537919489\r\n")]
    [TestCase("$99999999999999999999\r\n")]
    [TestCase("*-2\r\n")]
    [TestCase("*x\r\n")]
    [TestCase("*2147483648\r\n")]
    [TestCase("*1\r\nx")]
    [TestCase("%-1\r\n")]
    [TestCase("~-1\r\n")]
    [TestCase(">-1\r\n")]
    [TestCase("|-1\r\n")]
    [TestCase("!-1\r\n")]
    [TestCase("=-1\r\n")]
    [TestCase("=3\r\ntxt\r\n")]
    [TestCase("_x\r\n")]
    [TestCase("#\r\n")]
    [TestCase("#x\r\n")]
    [TestCase("#tt\r\n")]
    [TestCase(",\r\n")]
    [TestCase(",1.\r\n")]
    [TestCase(",.5\r\n")]
    [TestCase(",1e\r\n")]
    [TestCase(",1e+\r\n")]
    [TestCase(",infinity\r\n")]
    [TestCase(",na\r\n")]
    [TestCase(",1,5\r\n")]
    [TestCase(",--1\r\n")]
    [TestCase("(1\n2\r\n")]
    [TestCase("$?\r\n;4\r\nabcd\r\n;0\r\n")]
    [TestCase("*?\r\n:1\r\n.\r\n")]
    [TestCase(";4\r\n")]
    [TestCase(".\r\n")]
    [TestCase("*1\r\n>1\r\n+x\r\n")]
    [TestCase("|1\r\n+a\r\n>1\r\n+x\r\n:1\r\n")]
    public void NotResp_Anywhere_Error(string literal) => Check(literal, "error");

    [Test]
    public void Error_AfterReplies_RepliesComeFirst() => Check("+OK\r\n:1\r\nwhat\r\n", "+ +OK\r\n", ": :1\r\n", "error");

    [TestCase(8192, false)]
    [TestCase(8193, true)]
    public void Nesting_UpToTheLimit(int depth, bool error)
    {
        var literal = string.Concat(Enumerable.Repeat("*1\r\n", depth)) + ":1\r\n";
        var bytes = Cuts.Bytes(literal);

        Assert.That(ReplyTranscript.Of(new ReplyScanner(), bytes, [bytes.Length]), Is.EqualTo([error ? "error" : $"* {literal}"]));
    }

    [Test]
    public void Nesting_WithoutEnd_Error()
    {
        var scanner = new ReplyScanner();
        var bytes = Cuts.Bytes(string.Concat(Enumerable.Repeat("*1\r\n", 1_000_000)));

        Assert.That(scanner.Scan(bytes, out _), Is.EqualTo(ReplyScanStatus.Error));
    }

    [TestCase("$11\r\n")]
    [TestCase("=11\r\n")]
    [TestCase("+12345678901")]
    [TestCase("(12345678901")]
    [TestCase(",1.345678901")]
    public void Length_BeyondTheLimit_Error(string literal) => Check(maxBulkLength: 10, literal, "error");

    [TestCase("$10\r\n0123456789\r\n")]
    [TestCase("+1234567890\r\n")]
    [TestCase("(1234567890\r\n")]
    [TestCase(":123456789012\r\n")]
    public void Length_AtTheLimit_Complete(string literal) => Check(maxBulkLength: 10, literal, $"{literal[0]} {literal}");

    [TestCase("$1000\r\n", 1002)]
    [TestCase("$1000\r\nabc", 999)]
    [TestCase("$3\r\nabc", 2)]
    [TestCase("$3\r\nabc\r", 1)]
    [TestCase("*3\r\n", 9)]
    [TestCase("*3\r\n$1000\r\n", 1008)]
    [TestCase("*3\r\n:1\r\n", 6)]
    [TestCase("*3\r\n:1\r\n:", 3)]
    [TestCase("*2\r\n*2\r\n+a\r\n$10\r\n", 15)]
    [TestCase("%2\r\n+a\r\n", 9)]
    [TestCase("+O", 0)]
    [TestCase("$10", 0)]
    [TestCase("+OK\r\n", 0)]
    [TestCase("", 0)]
    public void UnfinishedReply_BytesExpected_AreTheFewest(string literal, long expected)
    {
        var scanner = new ReplyScanner();

        scanner.Scan(Cuts.Bytes(literal), out _);

        Assert.That(scanner.BytesExpected, Is.EqualTo(expected));
    }

    [Test]
    public void Scan_OfNothing_NeedsMore() => Assert.That(new ReplyScanner().Scan(default, out _), Is.EqualTo(ReplyScanStatus.NeedMore));

    [Test]
    public void Kind_WhileTheReplyIsUnfinished_Known()
    {
        var scanner = new ReplyScanner();

        scanner.Scan("|1\r\n+a\r\n+b\r\n$10"u8, out _);

        Assert.That(scanner.Kind, Is.EqualTo((byte)'$'));
    }

    [Test]
    public void Kind_WhileOnlyAttributesAreThere_Unknown()
    {
        var scanner = new ReplyScanner();
        scanner.Scan("+OK\r\n"u8, out _);

        scanner.Scan("|1\r\n+a\r\n"u8, out _);

        Assert.That(scanner.Kind, Is.Zero);
    }

    [Test]
    public void InReply_BetweenReplies_False()
    {
        var scanner = new ReplyScanner();

        scanner.Scan("*1\r\n:1\r\n"u8, out _);

        Assert.That(scanner.InReply, Is.False);
    }

    [Test]
    public void Error_ScannedAgain_StaysAnError()
    {
        var scanner = new ReplyScanner();
        scanner.Scan("x"u8, out _);

        Assert.That(scanner.Scan("+OK\r\n"u8, out _), Is.EqualTo(ReplyScanStatus.Error));
    }

    [TestCase("$?\r\n", "streamed type '$?'")]
    [TestCase("HTTP", "byte 0x48 where a reply must begin")]
    [TestCase("+OK\n", "byte 0x0a where CRLF must stand, in '+'")]
    [TestCase("$-5\r\n", "length -5 of '$'")]
    [TestCase(":1a", "bad value or length of ':'")]
    public void Error_Problem_SaysWhatIsWrong(string literal, string problem)
    {
        var scanner = new ReplyScanner();

        scanner.Scan(Cuts.Bytes(literal), out _);

        Assert.That(scanner.Problem, Is.EqualTo(problem));
    }

    [TestCase("$100\r\nabc")]
    [TestCase("*5\r\n*6\r\n:1")]
    [TestCase("?")]
    public void Reset_Anywhere_NextByteBeginsAReply(string literal)
    {
        var scanner = new ReplyScanner();
        scanner.Scan(Cuts.Bytes(literal), out _);
        scanner.Reset();

        Assert.That(ReplyTranscript.Of(scanner, "+OK\r\n"u8.ToArray(), [5]), Is.EqualTo(["+ +OK\r\n"]));
    }

    private static void Check(string literal, params string[] transcript) => Check(ReplyScanner.DefaultMaxBulkLength, literal, transcript);

    private static void Check(long maxBulkLength, string literal, params string[] transcript)
    {
        var bytes = Cuts.Bytes(literal);
        foreach (var ends in Cuts.Of(bytes.Length))
        {
            var found = ReplyTranscript.Of(new ReplyScanner(maxBulkLength), bytes, ends);
            Assert.That(found, Is.EqualTo(transcript), () => $"{ends.Length} pieces, the first of {ends[0]} bytes");
        }
    }
}
