using System.Text.Json;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Proxy.Host.Logging;

namespace Proxy.Host.Tests.Logging;

[TestFixture]
internal sealed class JsonLogLineFormatTests
{
    private readonly JsonLogLineFormat _format = new();

    [Test]
    public void Event_IsOneObjectALine() => Assert.That(
        LogEvents.Line(_format, "server down", LogLevel.Warning, fields: [("Pool", "p"), ("RetryMs", 500), ("After", TimeSpan.FromSeconds(1.5)), ("Last", null), ("First", true)], ownFields: 5),
        Is.EqualTo("""{"ts":"2026-11-22T12:27:11.535Z","level":"warning","logger":"Topology.ControlLoop","event":"ServerDown","msg":"server down","pool":"p","retry_ms":500,"after":1.5,"last":null,"first":true}""" + "\n"));

    [Test]
    public void LineFeedsAndQuotes_AreEscaped()
    {
        var line = LogEvents.Line(_format, "a\n\"b\" \u001b ключ", fields: [("Pool", "x\ny")], ownFields: 1);
        using var parsed = JsonDocument.Parse(line);

        Assert.That(
            (line.IndexOf('\n', StringComparison.Ordinal), parsed.RootElement.GetProperty("msg").GetString(), parsed.RootElement.GetProperty("pool").GetString()),
            Is.EqualTo((line.Length - 1, "a\n\"b\" \u001b ключ", "x\ny")));
    }

    [Test]
    public void InnerField_StandsOverTheSameOfAScope() =>
        Assert.That(LogEvents.Line(_format, "m", ownFields: 1, fields: [("Pool", "inner"), ("Pool", "outer")]), Does.Contain("\"pool\":\"inner\"").And.Not.Contain("outer"));

    [TestCase("Level")]
    [TestCase("Msg")]
    public void FieldNamedLikeAPartOfTheLine_DoesNotRepeatIt(string name)
    {
        using var parsed = JsonDocument.Parse(LogEvents.Line(_format, "m", ownFields: 1, fields: [(name, "x")]));

        Assert.That(parsed.RootElement.EnumerateObject().Count(property => property.Name == name.ToLowerInvariant()), Is.EqualTo(1));
    }

    [Test]
    public void NumberThatJsonDoesNotKnow_IsText() =>
        Assert.That(LogEvents.Line(_format, "m", ownFields: 1, fields: [("Ratio", double.NaN)]), Does.Contain("\"ratio\":\"NaN\""));

    [Test]
    public void Exception_IsAFieldOfItsOwn() =>
        Assert.That(LogEvents.Line(_format, "m", exception: new InvalidOperationException("why")), Does.Contain("\"err\":\"System.InvalidOperationException: why\""));
}
