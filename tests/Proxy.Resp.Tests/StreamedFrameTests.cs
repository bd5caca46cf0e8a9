using System.Text;
using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>A request whose bytes are taken out of the scanner's hands as they come, from a large payload on.</summary>
public sealed class StreamedFrameTests
{
    private const string Head = "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$100\r\n";
    private const string Tail = "\r\n$2\r\nEX\r\n$2\r\n60\r\n";

    private static readonly string Payload = new('x', 100);

    private RequestScanner _scanner = null!;
    private StringBuilder _passed = null!;
    private string _unread = null!;

    [SetUp]
    public void SetUp()
    {
        _scanner = new RequestScanner(new RequestLimits { MaxRequestSize = 400 }) { Authenticated = true };
        _passed = new StringBuilder();
        _unread = "";
    }

    [Test]
    public void Beginning_HasTheArgumentsBeforeThePayload()
    {
        _scanner.Scan(Bytes(Head + "xxx"));

        var beginning = _scanner.Beginning(Bytes(Head + "xxx"));

        Assert.That((beginning.Count, Encoding.Latin1.GetString(beginning[1])), Is.EqualTo((2, "k")));
        Assert.That(_scanner.AnnouncedArguments, Is.EqualTo(5));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(1000)]
    public void Request_PassesWholeAndUnchanged(int piece)
    {
        Begin();

        var status = Feed(Payload + Tail, piece);

        Assert.That(status, Is.EqualTo(RequestScanStatus.Request));
        Assert.That((_passed.ToString(), _unread), Is.EqualTo((Head + Payload + Tail, "")));
    }

    [Test]
    public void RequestBehindIt_IsScannedAsAnyOther()
    {
        Begin();

        Feed(Payload + Tail + "*1\r\n$4\r\nPING\r\n", 1000);

        Assert.That(_unread, Is.EqualTo("*1\r\n$4\r\nPING\r\n"));
        Assert.That(_scanner.Scan(Bytes(_unread)), Is.EqualTo(RequestScanStatus.Request));
        Assert.That(Encoding.Latin1.GetString(_scanner.Frame(Bytes(_unread))[0]), Is.EqualTo("PING"));
    }

    [Test]
    public void HeaderThatIsNotWhole_IsNotPassedOn()
    {
        Begin();

        Feed(Payload + "\r\n$1", 1000);

        Assert.That((_passed.ToString(), _unread), Is.EqualTo((Head + Payload + "\r\n", "$1")));
    }

    [TestCase(Tail, 1, RequestProblem.ExpectedCrlf, TestName = "PayloadWithoutItsLineEnd_IsAnError")]
    [TestCase("\r\n+OK\r\n", 0, RequestProblem.ExpectedDollar, TestName = "ArgumentThatIsNoBulk_IsAnError")]
    [TestCase("\r\n$-1\r\n", 0, RequestProblem.InvalidBulkLength, TestName = "NegativeLength_IsAnError")]
    [TestCase("\r\n$300\r\n", 0, RequestProblem.RequestTooLarge, TestName = "MoreThanARequestMayHave_IsAnError")]
    public void Rest_IsCheckedAsStrictly(string tail, int surplus, object problem)
    {
        Begin();

        Assert.That(Feed(Payload + new string('x', surplus) + tail, 1), Is.EqualTo(RequestScanStatus.Error));
        Assert.That(_scanner.Problem, Is.EqualTo(problem));
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private void Begin()
    {
        Assert.That(_scanner.Scan(Bytes(Head)), Is.EqualTo(RequestScanStatus.NeedMore));
        _scanner.BeginStream();
        _passed.Append(Head, 0, _scanner.Consumed);
    }

    /// <summary>Feeds <paramref name="text"/> in pieces, taking out what was consumed, until it is all there or the request ends.</summary>
    private RequestScanStatus Feed(string text, int piece)
    {
        var status = RequestScanStatus.NeedMore;
        for (var start = 0; start < text.Length && status == RequestScanStatus.NeedMore; start += piece)
        {
            _unread += text[start..Math.Min(start + piece, text.Length)];
            status = _scanner.Scan(Bytes(_unread));
            if (status is RequestScanStatus.NeedMore or RequestScanStatus.Request)
            {
                _passed.Append(_unread, 0, _scanner.Consumed);
                _unread = _unread[_scanner.Consumed..];
            }
        }

        return status;
    }
}
