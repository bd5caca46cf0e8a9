using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class RedisValidatorTests
{
    [TestCase("")]
    [TestCase("redis: true")]
    public void Accepts_PoolOfOurFile(string directive) => Assert.That(Loading.PoolErrors(directive), Is.Empty);

    [Test]
    public void Accepts_RedisPoolOfANutcrackerFile() => Assert.That(Loading.Errors(PoolText.Nutcracker("redis: true")), Is.Empty);

    [Test]
    public void Rejects_MemcachedPool() =>
        Assert.That(
            Loading.PoolErrors("redis: false"),
            Is.EqualTo(new[] { "pools.p.redis: a memcached pool: this proxy speaks Redis only, which takes \"redis: true\"" }));

    [Test]
    public void Rejects_NutcrackerPoolThatDoesNotSayRedis() =>
        Assert.That(
            Loading.Errors(PoolText.Nutcracker("")),
            Is.EqualTo(new[] { "1:1: p: a memcached pool, as \"redis: true\" is missing and the default of a nutcracker.yml is false" }));
}
