using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class ListenValidatorTests
{
    private static string TwoPools(string one, string other, string process = "") =>
        $"{process}pools:\n  a:\n    listen: {one}\n    servers:\n      - 127.0.0.1:1:1 s\n  b:\n    listen: {other}\n    servers:\n      - 127.0.0.1:1:1 s";

    [TestCase("127.0.0.1:6380", "127.0.0.1:6381")]
    [TestCase("127.0.0.1:6380", "::1:6380")]
    [TestCase("/tmp/a.sock", "/tmp/b.sock")]
    public void Accepts_DifferentAddresses(string one, string other) => Assert.That(Loading.Errors(TwoPools(one, other)), Is.Empty);

    [TestCase("127.0.0.1:6380", "127.0.0.1:6380")]
    [TestCase("127.0.0.1:6380", "localhost:6380")]
    [TestCase("::1:6380", "0:0::1:6380")]
    [TestCase("/tmp/a.sock", "/tmp/a.sock")]
    public void Rejects_SameAddress(string one, string other) =>
        Assert.That(Loading.Errors(TwoPools(one, other)), Is.EqualTo(new[] { $"7:13: pools.b.listen: pools 'a' and 'b' have the same listen address '{other}'" }));

    [TestCase("admin")]
    [TestCase("stats")]
    public void Rejects_AddressOfAPoolForTheProcess(string key) =>
        Assert.That(
            Loading.Errors(TwoPools("127.0.0.1:1", "127.0.0.1:2", $"proxy:\n  {key}: 127.0.0.1:2\n")),
            Is.EqualTo(new[] { $"2:{key.Length + 5}: proxy.{key}: pool 'b' and {key} have the same address '127.0.0.1:2'" }));

    [Test]
    public void Rejects_OneAddressForAdminAndStats() =>
        Assert.That(
            Loading.ProcessErrors("admin: 127.0.0.1:9\nstats: 127.0.0.1:9"),
            Is.EqualTo(new[] { "proxy.stats: admin and stats have the same address '127.0.0.1:9'" }));

    [Test]
    public void Rejects_UnknownHosts() =>
        Assert.That(
            Loading.Errors(TwoPools("nobody.example:1", "127.0.0.1:2", "proxy:\n  admin: nowhere.example:2\n")),
            Is.EqualTo(new[]
            {
                "2:10: proxy.admin: directive \"admin\" has an invalid value: host 'nowhere.example' is not known",
                "5:13: pools.a.listen: directive \"listen\" has an invalid value: host 'nobody.example' is not known",
            }));

    [Test]
    public void Accepts_UnknownHostOfAServer() => Assert.That(Loading.PoolErrors("servers:\n  - nobody.example:1:1 a"), Is.Empty);
}
