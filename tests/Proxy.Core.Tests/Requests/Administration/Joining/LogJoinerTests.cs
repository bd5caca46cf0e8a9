using NUnit.Framework;
using Proxy.Core.Requests.Administration.Joining;

namespace Proxy.Core.Tests.Requests.Administration.Joining;

public sealed class LogJoinerTests
{
    private const string Old = "*4|:1|:100|:5|*1|$1|a|";
    private const string New = "*4|:0|:300|:6|*1|$1|b|";
    private const string Between = "*4|:7|:200|:7|*1|$1|c|";

    [TestCase(10, ExpectedResult = "*3|" + New + Between + Old)]
    [TestCase(-1, ExpectedResult = "*3|" + New + Between + Old)]
    [TestCase(2, ExpectedResult = "*2|" + New + Between)]
    [TestCase(0, ExpectedResult = "*0|")]
    public string? SlowLog_IsTheNewestOfAllServers(int count) => Joined.By(new SlowLogJoiner(count), 2, "*2|" + New + Old, "*1|" + Between);

    [Test]
    public void SlowLogsThatAreEmpty_AreOne() => Assert.That(Joined.By(new SlowLogJoiner(10), 3, "*0|", "*0|"), Is.EqualTo("*0|"));

    [TestCase(10, ExpectedResult = "*3|*2|$11|age-seconds|$3|0.5|*2|$11|age-seconds|$3|1.0|*2|$11|age-seconds|$4|20.0|")]
    [TestCase(1, ExpectedResult = "*1|*2|$11|age-seconds|$3|0.5|")]
    public string? AclLog_IsTheYoungestOfAllServers(int count) =>
        Joined.By(new AclLogJoiner(count), 2, "*2|*2|$11|age-seconds|$3|1.0|*2|$11|age-seconds|$4|20.0|", "*1|*2|$11|age-seconds|$3|0.5|");

    [Test]
    public void AclLogInVersion3_IsTheYoungestOfAllServers() =>
        Assert.That(
            Joined.By(new AclLogJoiner(1), 3, "*1|%1|$11|age-seconds|,3.5|", "*1|%1|$11|age-seconds|,0.25|"),
            Is.EqualTo("*1|%1|$11|age-seconds|,0.25|"));

    [Test]
    public void RepliesOfAnotherForm_CannotBeJoined()
    {
        Assert.That(Joined.By(new SlowLogJoiner(1), 2, "+OK|"), Is.Null);
        Assert.That(Joined.By(new AclLogJoiner(1), 2, "*1|:1|"), Is.Null);
    }
}
