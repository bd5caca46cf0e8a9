using NUnit.Framework;
using Proxy.Core.Requests.Administration.Joining;

namespace Proxy.Core.Tests.Requests.Administration.Joining;

public sealed class FigureJoinerTests
{
    [Test]
    public void Integers_AreAddedOrCompared()
    {
        string[] replies = [":3|", ":1|", ":2|"];

        Assert.That(Joined.By(IntegerJoiner.Sum, 2, replies), Is.EqualTo(":6|"));
        Assert.That(Joined.By(IntegerJoiner.Least, 2, replies), Is.EqualTo(":1|"));
        Assert.That(Joined.By(IntegerJoiner.GreatestOfAll, 2, replies), Is.EqualTo(":3|"));
        Assert.That(Joined.By(IntegerJoiner.Sum, 2, ":1|", "+OK|"), Is.Null);
    }

    [Test]
    public void Texts_StandUnderTheirServersNames()
    {
        Assert.That(Joined.By(TextJoiner.Instance, 2, "$5|hello|", "$5|you||"), Is.EqualTo("$20|# s1\nhello\n# s2\nyou\n|"));
        Assert.That(Joined.By(TextJoiner.Instance, 3, "=9|txt:hello|", "=5|txt:a|"), Is.EqualTo("=22|txt:# s1\nhello\n# s2\na\n|"));
    }

    [Test]
    public void MemoryStats_BytesAreAddedAndTheWorstRatioIsTold() =>
        Assert.That(
            Joined.By(
                MemoryStatsJoiner.Instance,
                2,
                "*8|$1|a|:5|$4|db.0|*2|$1|x|:1|$5|ratio|$3|1.5|$18|keys.bytes-per-key|:10|",
                "*8|$1|a|:7|$4|db.0|*2|$1|x|:2|$5|ratio|$3|2.5|$18|keys.bytes-per-key|:30|"),
            Is.EqualTo("*8|$1|a|:12|$4|db.0|*2|$1|x|:3|$5|ratio|$3|2.5|$18|keys.bytes-per-key|:30|"));

    [Test]
    public void MemoryStatsInVersion3_KeepMapsAndDoubles() =>
        Assert.That(
            Joined.By(MemoryStatsJoiner.Instance, 3, "%2|$4|db.0|%1|$1|x|:1|$5|ratio|,1.5|", "%2|$4|db.1|%1|$1|x|:2|$5|ratio|,0.5|"),
            Is.EqualTo("%3|$4|db.0|%1|$1|x|:1|$5|ratio|,1.5|$4|db.1|%1|$1|x|:2|"));

    [Test]
    public void First_IsAsItStands() => Assert.That(Joined.By(FirstJoiner.Instance, 2, "+OK|", "+OK|"), Is.EqualTo("+OK|"));

    [TestCase("not a digest")]
    [TestCase("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public void DigestThatIsNone_CannotBeJoined(string digest) => Assert.That(Joined.By(DigestJoiner.Instance, 2, $"+{digest}|"), Is.Null);

    [Test]
    public void DigestOfOneServerWithData_IsItsOwn()
    {
        var empty = new string('0', 40);
        const string Some = "0c68bbcf4ad5c984f8ca839729889d52ec025271";

        Assert.That(Joined.By(DigestJoiner.Instance, 2, $"+{empty}|", $"+{Some}|", $"+{empty}|"), Is.EqualTo($"+{Some}|"));
        Assert.That(Joined.By(DigestJoiner.Instance, 2, $"+{empty}|", $"+{empty}|"), Is.EqualTo($"+{empty}|"));
    }
}
