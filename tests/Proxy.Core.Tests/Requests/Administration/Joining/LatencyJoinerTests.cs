using NUnit.Framework;
using Proxy.Core.Requests.Administration.Joining;

namespace Proxy.Core.Tests.Requests.Administration.Joining;

public sealed class LatencyJoinerTests
{
    [Test]
    public void Latest_IsTheLatestOfAnyServerAndTheWorstOfAll() =>
        Assert.That(
            Joined.By(LatencyLatestJoiner.Instance, 2, "*1|*4|$7|command|:100|:5|:90|", "*2|*4|$7|command|:200|:7|:8|*4|$4|fork|:1|:2|:3|"),
            Is.EqualTo("*2|*4|$7|command|:200|:7|:90|*4|$4|fork|:1|:2|:3|"));

    [Test]
    public void History_IsInTheOrderOfTime() =>
        Assert.That(
            Joined.By(LatencyHistoryJoiner.Instance, 2, "*2|*2|:1|:10|*2|:5|:50|", "*1|*2|:3|:30|"),
            Is.EqualTo("*3|*2|:1|:10|*2|:3|:30|*2|:5|:50|"));

    [Test]
    public void Histogram_AddsWhatEachServerHadUpToABound() =>
        Assert.That(
            Joined.By(
                LatencyHistogramJoiner.Instance,
                3,
                "%1|$3|set|%2|$5|calls|:5|$14|histogram_usec|%2|:1|:2|:4|:5|",
                "%2|$3|set|%2|$5|calls|:3|$14|histogram_usec|%2|:2|:1|:8|:3|$3|get|%2|$5|calls|:1|$14|histogram_usec|%1|:1|:1|"),
            Is.EqualTo("%2|$3|set|%2|$5|calls|:8|$14|histogram_usec|%4|:1|:2|:2|:3|:4|:6|:8|:8|$3|get|%2|$5|calls|:1|$14|histogram_usec|%1|:1|:1|"));

    [Test]
    public void HistogramInVersion2_IsMadeOfArrays() =>
        Assert.That(
            Joined.By(
                LatencyHistogramJoiner.Instance,
                2,
                "*2|$3|set|*4|$5|calls|:1|$14|histogram_usec|*2|:1|:1|",
                "*2|$3|set|*4|$5|calls|:1|$14|histogram_usec|*2|:1|:1|"),
            Is.EqualTo("*2|$3|set|*4|$5|calls|:2|$14|histogram_usec|*2|:1|:2|"));

    [Test]
    public void RepliesOfAnotherForm_CannotBeJoined()
    {
        Assert.That(Joined.By(LatencyLatestJoiner.Instance, 2, "*1|:1|"), Is.Null);
        Assert.That(Joined.By(LatencyHistoryJoiner.Instance, 2, "+OK|"), Is.Null);
        Assert.That(Joined.By(LatencyHistogramJoiner.Instance, 2, "*2|$3|set|:1|"), Is.Null);
    }
}
