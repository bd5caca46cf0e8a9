using System.Text;
using NUnit.Framework;
using Proxy.Host.CommandLine;

namespace Proxy.Host.Tests.CommandLine;

[TestFixture]
internal sealed class KeyLinesTests
{
    private static string[] Lines(byte[] text) =>
        [.. new KeyLines(new MemoryStream(text)).Select(line => Encoding.Latin1.GetString(line.Span))];

    [TestCase("a\nb\n", new[] { "a", "b" })]
    [TestCase("a\nb", new[] { "a", "b" })]
    [TestCase("\n\na\n\n", new[] { "a" })]
    [TestCase("a\r\n", new[] { "a\r" })]
    [TestCase(" a \n", new[] { " a " })]
    [TestCase("", new string[0])]
    public void Stream_GivesTheBytesBetweenLineFeeds(string text, string[] lines) => Assert.That(Lines(Encoding.Latin1.GetBytes(text)), Is.EqualTo(lines));

    [Test]
    public void LongLinesAcrossReads_AreWhole()
    {
        string[] expected = [new('a', 70_000), "b", new('c', 300_000)];

        Assert.That(Lines(Encoding.Latin1.GetBytes(string.Join('\n', expected))), Is.EqualTo(expected));
    }
}
