using System.Text;
using NUnit.Framework;
using Proxy.Core.Requests.CrossServer;
using Proxy.Core.Topology;

namespace Proxy.Core.Tests.Requests.CrossServer;

internal sealed class ScoreTextTests
{
    [TestCase(3, "3", "3", "3")]
    [TestCase(0.1, "0.10000000000000001", "0.1", "0.1")]
    [TestCase(-0.0, "-0", "-0", "-0")]
    [TestCase(1e10, "10000000000", "1e+10", "10000000000")]
    [TestCase(1234567890123, "1234567890123", "1234567890123", "1234567890123")]
    [TestCase(1e20, "1e+20", "1e+20", "1e+20")]
    [TestCase(1.5e-7, "1.4999999999999999e-07", "1.5e-7", "1.5e-7")]
    [TestCase(0.00001, "1.0000000000000001e-05", "0.00001", "0.00001")]
    [TestCase(-12.25, "-12.25", "-12.25", "-12.25")]
    [TestCase(double.PositiveInfinity, "inf", "inf", "inf")]
    [TestCase(double.NegativeInfinity, "-inf", "-inf", "-inf")]
    public void Score_IsWrittenAsTheVersionDoes(double score, string digits17, string shortest, string whole)
    {
        Assert.That(Write(score, ScoreStyle.Digits17), Is.EqualTo(digits17));
        Assert.That(Write(score, ScoreStyle.Shortest), Is.EqualTo(shortest));
        Assert.That(Write(score, ScoreStyle.ShortestOrWhole), Is.EqualTo(whole));
    }

    [Test]
    public void AnyScore_IsReadAsItWasWritten()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var score = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (double.IsNaN(score))
            {
                continue;
            }

            foreach (var style in Enum.GetValues<ScoreStyle>())
            {
                Assert.That(ScoreText.TryParse(Encoding.Latin1.GetBytes(Write(score, style)), out var read) && read == score, $"{score:R} {style}");
            }
        }
    }

    [TestCase(null, ScoreStyle.Digits17)]
    [TestCase("6.2.14", ScoreStyle.Digits17)]
    [TestCase("7.0.15", ScoreStyle.Digits17)]
    [TestCase("7.2.0", ScoreStyle.Shortest)]
    [TestCase("7.4.1", ScoreStyle.ShortestOrWhole)]
    [TestCase("8.0.0", ScoreStyle.ShortestOrWhole)]
    public void Style_IsThatOfTheServersVersion(string? version, ScoreStyle expected) =>
        Assert.That(ScoreText.StyleOf(version is null ? null : new ServerFacts(version, false, null)), Is.EqualTo(expected));

    private static string Write(double score, ScoreStyle style)
    {
        var text = new byte[ScoreText.MaxLength];
        return Encoding.Latin1.GetString(text, 0, ScoreText.Write(score, style, text));
    }
}
