using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class TimeoutsValidatorTests
{
    [TestCase("min: 1s\nmax: 1s")]
    [TestCase("min: 10ms")]
    [TestCase("max: 10s")]
    public void Accepts_Backoff(string backoff) => Assert.That(Loading.PoolErrors(Section(backoff)), Is.Empty);

    [TestCase("min: 2s\nmax: 1s", "max", "(1000 ms) is below the first (2000 ms)")]
    [TestCase("min: 2s", "min", "(1000 ms) is below the first (2000 ms)")]
    [TestCase("max: 10", "max", "(10 ms) is below the first (50 ms)")]
    public void Rejects_LongestWaitBelowTheFirst(string backoff, string key, string reason) =>
        Assert.That(Loading.PoolErrors(Section(backoff)), Is.EqualTo(new[] { $"pools.p.reconnect_backoff.{key}: the longest wait {reason}" }));

    [TestCase("timeout: 60000")]
    [TestCase("timeout: 70000\nserver_hard_timeout: 2m")]
    public void Accepts_TimeoutBelowTheHardOne(string directives) => Assert.That(Loading.PoolWarnings(directives), Is.Empty);

    [TestCase("timeout: 60001")]
    [TestCase("timeout: 500\nserver_hard_timeout: 400ms")]
    public void Accepts_TimeoutAboveTheHardOne_WithAWarning(string directives) =>
        Assert.That(
            Loading.PoolWarnings(directives),
            Is.EqualTo(new[] { "pools.p.timeout: directive \"timeout\" is above server_hard_timeout, which closes the connection first" }));

    private static string Section(string backoff) => $"reconnect_backoff:\n  {backoff.Replace("\n", "\n  ")}";
}
