using NUnit.Framework;
using Proxy.Core.Configuration;

namespace Proxy.Core.Tests.Configuration;

[TestFixture]
internal sealed class SpellingTests
{
    private static readonly string[] Known = ["listen", "timeout", "connect_timeout", "server_retry_timeout", "hash", "hash_tag", "redis", "md5"];

    [TestCase("timeuot", "timeout", Description = "neighbours exchanged")]
    [TestCase("timout", "timeout", Description = "a letter missing")]
    [TestCase("timmeout", "timeout", Description = "a letter too many")]
    [TestCase("timezut", "timeout", Description = "two other letters")]
    [TestCase("Timeout", "timeout")]
    [TestCase("hash-tag", "hash_tag")]
    [TestCase("hashtag", "hash_tag")]
    [TestCase("connectTimeout", "connect_timeout")]
    [TestCase("md4", "md5")]
    [TestCase("lisen", "listen")]
    public void Nearest_MisspeltWord_FindsIt(string written, string meant) => Assert.That(Spelling.Nearest(written, Known), Is.EqualTo(meant));

    [TestCase("sentinels")]
    [TestCase("foo")]
    [TestCase("x")]
    [TestCase("")]
    public void Nearest_OtherWord_FindsNothing(string written) => Assert.That(Spelling.Nearest(written, Known), Is.Null);

    [Test]
    public void Nearest_VeryLongWord_FindsNothing() => Assert.That(Spelling.Nearest(new string('t', 100_000), [new string('t', 100_000)]), Is.Null);

    [Test]
    public void Suggest_NearWord_AsksInParentheses() => Assert.That(Spelling.Suggest("timeuot", Known), Is.EqualTo(" (did you mean 'timeout'?)"));

    [Test]
    public void Suggest_NoNearWord_IsEmpty() => Assert.That(Spelling.Suggest("sentinels", Known), Is.Empty);
}
