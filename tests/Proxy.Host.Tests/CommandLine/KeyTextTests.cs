using NUnit.Framework;
using Proxy.Host.CommandLine;

namespace Proxy.Host.Tests.CommandLine;

[TestFixture]
internal sealed class KeyTextTests
{
    [TestCase("user:1000")]
    [TestCase("")]
    [TestCase("with blanks")]
    [TestCase("back\\slash")]
    [TestCase("in \"the\" middle")]
    [TestCase("größe 🎉")]
    public void Of_PrintableKey_StandsAsItIs(string key) => Assert.That(KeyText.Of(System.Text.Encoding.UTF8.GetBytes(key)), Is.EqualTo(key));

    [TestCase("a\tb", "\"a\\tb\"")]
    [TestCase("a\r\nb", "\"a\\r\\nb\"")]
    [TestCase("a\0\u001b\u007f", "\"a\\x00\\x1b\\x7f\"")]
    [TestCase("\u2028", "\"\\xe2\\x80\\xa8\"")]
    [TestCase("\n\"\\", "\"\\n\\\"\\\\\"")]
    [TestCase("\"quoted\"", "\"\\\"quoted\\\"\"")]
    [TestCase("ü\n", "\"ü\\n\"")]
    public void Of_AnyOtherKey_StandsInQuotes(string key, string text) => Assert.That(KeyText.Of(System.Text.Encoding.UTF8.GetBytes(key)), Is.EqualTo(text));

    [Test]
    public void Of_BytesThatAreNoText_AreEscaped() => Assert.That(KeyText.Of([0x61, 0xff, 0xc3, 0x62]), Is.EqualTo("\"a\\xff\\xc3b\""));
}
