using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>Redis's `string2ll`.</summary>
public sealed class IntegerParserTests
{
    [TestCase("0", 0)]
    [TestCase("7", 7)]
    [TestCase("-7", -7)]
    [TestCase("1048576", 1048576)]
    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("-9223372036854775808", long.MinValue)]
    public void Number_Canonical_Accepted(string text, long value)
    {
        Assert.That(IntegerParser.TryParse(Cuts.Bytes(text), out var found), Is.True);
        Assert.That(found, Is.EqualTo(value));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase("+1")]
    [TestCase("01")]
    [TestCase("00")]
    [TestCase("-0")]
    [TestCase("-01")]
    [TestCase(" 1")]
    [TestCase("1 ")]
    [TestCase("1.0")]
    [TestCase("--1")]
    [TestCase("1-")]
    [TestCase("0x1")]
    [TestCase("1\0")]
    [TestCase("9223372036854775808")]
    [TestCase("-9223372036854775809")]
    [TestCase("18446744073709551616")]
    [TestCase("99999999999999999999")]
    public void Number_AnyOtherForm_Rejected(string text) => Assert.That(IntegerParser.TryParse(Cuts.Bytes(text), out _), Is.False);
}
