using System.Text;
using NUnit.Framework;
using Proxy.Resp.Commands;

namespace Proxy.Resp.Tests.Commands;

/// <summary>Outcomes are a real server's, which lists keys of these names by KEYS with these patterns.</summary>
internal sealed class GlobPatternTests
{
    [TestCase("", "", true)]
    [TestCase("", "a", false)]
    [TestCase("*", "", true)]
    [TestCase("*", "abc", true)]
    [TestCase("a*c", "abc", true)]
    [TestCase("a*c", "abcd", false)]
    [TestCase("a**c", "abbbc", true)]
    [TestCase("*a*b*c", "xxaxxbxxbc", true)]
    [TestCase("*a*b*c", "xxaxxcxxb", false)]
    [TestCase("a?c", "abc", true)]
    [TestCase("a?c", "ac", false)]
    [TestCase("a[bc]d", "acd", true)]
    [TestCase("a[^bc]d", "acd", false)]
    [TestCase("a[^bc]d", "axd", true)]
    [TestCase("a[b-d]e", "ace", true)]
    [TestCase("a[d-b]e", "ace", true)]
    [TestCase("a[b-]e", "a-e", false)]
    [TestCase("a[\\]]e", "a]e", true)]
    [TestCase("a[]e", "a]e", false)]
    [TestCase("a[bc", "ab", true)]
    [TestCase("a[bc", "ad", false)]
    [TestCase("a\\*c", "a*c", true)]
    [TestCase("a\\*c", "abc", false)]
    [TestCase("a\\", "a\\", true)]
    [TestCase("ABC", "abc", false)]
    public void Pattern_Matches(string pattern, string text, bool matches) => Assert.That(Matches(pattern, text, ignoreCase: false), Is.EqualTo(matches));

    [TestCase("ABC", "abc")]
    [TestCase("[A-C]*", "bx")]
    [TestCase("\\A", "a")]
    public void Pattern_IgnoringCase_Matches(string pattern, string text) => Assert.That(Matches(pattern, text, ignoreCase: true));

    [Test, MaxTime(2000)]
    public void ManyStars_TakeNoExponentialTime() =>
        Assert.That(Matches(string.Concat(Enumerable.Repeat("a*", 1000)) + "b", new string('a', 5000), ignoreCase: false), Is.False);

    private static bool Matches(string pattern, string text, bool ignoreCase) =>
        GlobPattern.Matches(Encoding.Latin1.GetBytes(pattern), Encoding.Latin1.GetBytes(text), ignoreCase);
}
