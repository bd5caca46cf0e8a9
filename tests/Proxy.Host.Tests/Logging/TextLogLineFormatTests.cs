using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Proxy.Host.Logging;

namespace Proxy.Host.Tests.Logging;

[TestFixture]
internal sealed class TextLogLineFormatTests
{
    private readonly TextLogLineFormat _format = new();

    [Test]
    public void Event_IsOneLineWithTimeInUtcLevelPlaceAndText() => Assert.That(
        LogEvents.Line(_format, "server down: pool p", LogLevel.Warning),
        Is.EqualTo("2026-11-22T12:27:11.535Z warn  Topology.ControlLoop: server down: pool p\n"));

    [Test]
    public void OwnFields_AreNotRepeated() =>
        Assert.That(LogEvents.Line(_format, "pool p", ownFields: 1, fields: ("Pool", "p")), Does.EndWith(": pool p\n"));

    [Test]
    public void FieldsOfScopes_FollowTheText() => Assert.That(
        LogEvents.Line(_format, "gone", ownFields: 1, fields: [("Reason", "x"), ("Pool", "p"), ("ServerName", "s1")]),
        Does.EndWith(": gone pool=p server_name=s1\n"));

    [Test]
    public void LineFeedsAndControlCharacters_CannotMakeALineOfTheirOwn() =>
        Assert.That(LogEvents.Line(_format, "a\r\nb\tc\u001b[31m\u2028\u0085é"), Does.EndWith(@": a\r\nb\tc\u001b[31m\u2028\u0085é" + "\n"));

    [Test]
    public void Exception_FollowsOnTheSameLine()
    {
        var line = LogEvents.Line(_format, "failed", LogLevel.Error, Thrown());

        Assert.That((line.Count(letter => letter == '\n'), line), Is.EqualTo((1, line)));
        Assert.That(line, Does.Contain(@"failed | System.InvalidOperationException: why\n   at "));
    }

    private static Exception Thrown()
    {
        try
        {
            throw new InvalidOperationException("why");
        }
        catch (InvalidOperationException exception)
        {
            return exception;
        }
    }
}
