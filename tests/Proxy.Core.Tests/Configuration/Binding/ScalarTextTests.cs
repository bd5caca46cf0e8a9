using NUnit.Framework;
using Proxy.Core.Configuration.Binding;

namespace Proxy.Core.Tests.Configuration.Binding;

[TestFixture]
internal sealed class ScalarTextTests
{
    [TestCase("0", 0)]
    [TestCase("500", 500)]
    [TestCase("500ms", 500)]
    [TestCase("2s", 2000)]
    [TestCase("1m", 60_000)]
    [TestCase("3h", 10_800_000)]
    public void TryMilliseconds_Time_IsRead(string text, long expected)
    {
        Assert.That(ScalarText.TryMilliseconds(text, out var milliseconds), Is.True);
        Assert.That(milliseconds, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("s")]
    [TestCase("-1s")]
    [TestCase("1.5s")]
    [TestCase("1 s")]
    [TestCase("2S")]
    [TestCase("2d")]
    [TestCase("9223372036854775807h")]
    public void TryMilliseconds_AnythingElse_IsRefused(string text) => Assert.That(ScalarText.TryMilliseconds(text, out _), Is.False);

    [TestCase("1", 1)]
    [TestCase("1b", 1)]
    [TestCase("64kb", 65_536)]
    [TestCase("512mb", 536_870_912)]
    [TestCase("1gb", 1_073_741_824)]
    [TestCase("1GB", 1_073_741_824)]
    public void TryBytes_Size_IsRead(string text, long expected)
    {
        Assert.That(ScalarText.TryBytes(text, out var bytes), Is.True);
        Assert.That(bytes, Is.EqualTo(expected));
    }

    [TestCase("kb")]
    [TestCase("1k")]
    [TestCase("1tb")]
    [TestCase("1.5gb")]
    [TestCase("-1")]
    [TestCase("9223372036854775807kb")]
    public void TryBytes_AnythingElse_IsRefused(string text) => Assert.That(ScalarText.TryBytes(text, out _), Is.False);

    [TestCase("0", true)]
    [TestCase("007", true)]
    [TestCase("99999999999999999999999999", true)]
    [TestCase("", false)]
    [TestCase("+1", false)]
    [TestCase("1a", false)]
    [TestCase("١", false, Description = "a digit, but not a decimal one of ASCII")]
    public void IsDigits_TakesWhatTwemproxyTakes(string text, bool expected) => Assert.That(ScalarText.IsDigits(text), Is.EqualTo(expected));
}
