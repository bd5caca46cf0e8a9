using System.Text;
using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>A payload that is kept outside of the scanner's bytes while the rest of its request is scanned.</summary>
public sealed class DetachedPayloadTests
{
    private const string Head = "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$100\r\n";
    private const string Tail = "\r\n$2\r\nEX\r\n$2\r\n60\r\n";

    private RequestScanner _scanner = null!;

    [SetUp]
    public void SetUp() => _scanner = new RequestScanner(new RequestLimits()) { Authenticated = true };

    [Test]
    public void PayloadThatHasBegun_IsOpen()
    {
        Scan(Head + "xxx");

        Assert.That((_scanner.OpenPayload, _scanner.OpenPayloadLength), Is.EqualTo((Head.Length, 100)));
    }

    [Test]
    public void RequestWithADetachedPayload_HasEverythingElse()
    {
        Scan(Head + "xxx");
        _scanner.DetachPayload();

        Assert.That(Scan(Head + Tail), Is.EqualTo(RequestScanStatus.Request));
        var frame = _scanner.Frame(Bytes(Head + Tail));
        Assert.That(frame.DetachedArgument, Is.EqualTo(2));
        Assert.That(frame.DetachedAt, Is.EqualTo(Head.Length));
        Assert.That(Encoding.Latin1.GetString(frame[1]) + Encoding.Latin1.GetString(frame[4]), Is.EqualTo("k60"));
    }

    [Test]
    public void RestThatComesByteByByte_IsTheSameRequest()
    {
        Scan(Head);
        _scanner.DetachPayload();
        for (var i = 0; i < Tail.Length; i++)
        {
            Assert.That(Scan(Head + Tail[..i]), Is.EqualTo(RequestScanStatus.NeedMore));
        }

        Assert.That(Scan(Head + Tail), Is.EqualTo(RequestScanStatus.Request));
    }

    [Test]
    public void SecondPayload_IsNotOpen()
    {
        Scan(Head);
        _scanner.DetachPayload();
        Scan(Head + "\r\n$200\r\nyy");

        Assert.That(_scanner.OpenPayload, Is.EqualTo(-1));
    }

    [Test]
    public void BytesInPlaceOfTheLineEnd_AreAnError()
    {
        Scan(Head);
        _scanner.DetachPayload();

        Assert.That(Scan(Head + "xx"), Is.EqualTo(RequestScanStatus.Error));
    }

    [Test]
    public void RequestThatIsTooLargeWithIt_IsRefused()
    {
        _scanner = new RequestScanner(new RequestLimits { MaxRequestSize = 200 }) { Authenticated = true };
        Scan(Head);
        _scanner.DetachPayload();

        Assert.That(Scan(Head + "\r\n$80\r\n"), Is.EqualTo(RequestScanStatus.Error));
        Assert.That(_scanner.Problem, Is.EqualTo(RequestProblem.RequestTooLarge));
    }

    [Test]
    public void NextRequest_HasNothingDetached()
    {
        Scan(Head);
        _scanner.DetachPayload();
        Scan(Head + Tail);

        Scan("*1\r\n$4\r\nPING\r\n");

        Assert.That(_scanner.Frame(Bytes("*1\r\n$4\r\nPING\r\n")).DetachedArgument, Is.EqualTo(-1));
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private RequestScanStatus Scan(string unread) => _scanner.Scan(Bytes(unread));
}
