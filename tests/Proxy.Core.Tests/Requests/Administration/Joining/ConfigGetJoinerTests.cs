using NUnit.Framework;
using Proxy.Core.Requests.Administration.Joining;

namespace Proxy.Core.Tests.Requests.Administration.Joining;

public sealed class ConfigGetJoinerTests
{
    [Test]
    public void EqualValues_AreToldOnce() =>
        Assert.That(Join(2, "*2|$4|save|$0||", "*2|$4|save|$0||"), Is.EqualTo("*2|$4|save|$0||"));

    [Test]
    public void EqualValuesInVersion3_AreToldOnce() =>
        Assert.That(Join(3, "%1|$4|save|$0||", "%1|$4|save|$0||"), Is.EqualTo("%1|$4|save|$0||"));

    [Test]
    public void DifferentValues_TheFirstServersIsTold() =>
        Assert.That(Join(2, "*2|$4|port|$4|7001|", "*2|$4|port|$4|7002|"), Is.EqualTo("*2|$4|port|$4|7001|"));

    [Test]
    public void SettingThatOnlyOneServerHas_IsTold() =>
        Assert.That(Join(2, "*2|$1|a|$1|1|", "*4|$1|a|$1|2|$1|b|$1|3|"), Is.EqualTo("*4|$1|a|$1|1|$1|b|$1|3|"));

    [Test]
    public void Databases_AreThoseThatAllHave() =>
        Assert.That(Join(2, "*2|$9|databases|$2|16|", "*2|$9|databases|$1|4|"), Is.EqualTo("*2|$9|databases|$1|4|"));

    [TestCase("Ex", "Ex", "Ex")]
    [TestCase("xE", "xE", "xE")]
    [TestCase("AKE", "gxE", "gxE")]
    [TestCase("AKE", "AE", "AE")]
    [TestCase("AKEm", "KEm", "KEm")]
    [TestCase("g$lshzxetdK", "AK", "AK")]
    [TestCase("Kx", "", "")]
    [TestCase("nK", "AnK", "nK")]
    public void EventsThatServersNotifyOf_AreThoseOfAll(string one, string other, string common) =>
        Assert.That(
            Join(2, $"*2|$22|notify-keyspace-events|${one.Length}|{one}|", $"*2|$22|notify-keyspace-events|${other.Length}|{other}|"),
            Is.EqualTo($"*2|$22|notify-keyspace-events|${common.Length}|{common}|"));

    [Test]
    public void NoSettings_AreNone() => Assert.That(Join(2, "*0|", "*0|"), Is.EqualTo("*0|"));

    [Test]
    public void AnythingElse_CannotBeJoined() => Assert.That(Join(2, "*0|", ":1|"), Is.Null);

    private static string? Join(int version, params string[] replies) => Joined.By(ConfigGetJoiner.Instance, version, replies);
}
