using System.Text;
using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class HashTagTests
{
    [TestCase("{}", "{user1}.name", "user1")]
    [TestCase("{}", "a{b}c", "b")]
    [TestCase("{}", "plain", "plain")]
    [TestCase("{}", "", "")]
    [TestCase("{}", "{", "{")]
    [TestCase("{}", "{}", "{}")]
    [TestCase("{}", "{}{a}", "{}{a}")]
    [TestCase("{}", "a{}b{c}", "a{}b{c}")]
    [TestCase("{}", "{a", "{a")]
    [TestCase("{}", "a}b", "a}b")]
    [TestCase("{}", "}{a}", "a")]
    [TestCase("{}", "{{a}}", "{a")]
    [TestCase("$$", "a$b$c", "b")]
    [TestCase("$$", "$$x", "$$x")]
    [TestCase("$$", "$x", "$x")]
    public void Key_PartBetweenTheBytesCounts(string tag, string key, string part)
    {
        Assert.That(HashTag.TryParse(tag, out var parsed), Is.True);

        Assert.That(Encoding.UTF8.GetString(parsed.Part(Encoding.UTF8.GetBytes(key))), Is.EqualTo(part));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("{")]
    [TestCase("{}{")]
    [TestCase("{é")]
    [TestCase("€")]
    public void NotTwoBytes_Rejected(string? text) => Assert.That(HashTag.TryParse(text, out _), Is.False);

    [Test]
    public void OneCharacterOfTwoBytes_IsATag()
    {
        Assert.That(HashTag.TryParse("é", out var tag), Is.True);

        Assert.That(tag, Is.EqualTo(new HashTag(0xC3, 0xA9)));
    }

    [Test]
    public void Text_IsTheTwoBytes() => Assert.That(HashTag.Braces.ToString(), Is.EqualTo("{}"));
}
