using NUnit.Framework;
using Proxy.Core.Metrics;

namespace Proxy.Core.Tests.Metrics;

[TestFixture]
internal sealed class ReasonLabelsTests
{
    [Test]
    public void Names_AreInSnakeCase() => Assert.That(ReasonLabels<RequestErrorReason>.Of(RequestErrorReason.ConnectionLost), Is.EqualTo("connection_lost"));

    [Test]
    public void Counters_StartAtZeroForEveryValue()
    {
        var counters = new ReasonCounters<ClientCloseReason>();

        Assert.That(Enum.GetValues<ClientCloseReason>().Select(reason => counters[reason]), Is.All.Zero);
    }

    [Test]
    public void CountedReason_IsTheOnlyOneThatGrows()
    {
        var counters = new ReasonCounters<ClientCloseReason>();

        counters.Count(ClientCloseReason.Protocol);

        Assert.That(Enum.GetValues<ClientCloseReason>().Where(reason => counters[reason] == 1), Is.EqualTo(new[] { ClientCloseReason.Protocol }));
    }
}
