using System.Text;
using NUnit.Framework;
using Proxy.Core.Requests;
using Proxy.Core.Topology;
using Proxy.Partitioning;
using Proxy.Resp;

namespace Proxy.Core.Tests.Requests;

/// <summary>SORT goes to one of two servers only if the keys that BY and GET make up cannot be on the other.</summary>
public sealed class SortPatternsTests
{
    [TestCase("SORT {a}l BY {a}w_* GET # GET {a}w_*->f", ExpectedResult = "")]
    [TestCase("SORT {a}l BY nosort GET x STORE {a}d", ExpectedResult = "")]
    [TestCase("SORT {a}l LIMIT 0 1 BY w_*", ExpectedResult = "BY")]
    [TestCase("SORT {a}l BY {a}w_* GET w_*", ExpectedResult = "GET")]
    [TestCase("SORT {a}l GET *{a}", ExpectedResult = "GET")]
    [TestCase("SORT {a}l BY {a*}", ExpectedResult = "BY")]
    [TestCase("SORT {a}l BY {}{a}*", ExpectedResult = "BY")]
    [TestCase("SORT_RO {a}l BY *", ExpectedResult = "BY")]
    public string WithAHashTag_TheTagOfThePatternDecides(string request) => Refused(request, keys => keys with { Distribution = Distribution.Slots });

    [TestCase("SORT a BY {a}w_*", ExpectedResult = "BY")]
    [TestCase("SORT a BY nosort", ExpectedResult = "")]
    public string WithoutAHashTag_HashedKeysMayBeAnywhere(string request) => Refused(request, keys => keys with { Distribution = Distribution.Modula });

    [TestCase("SORT k:1:l BY k:1:w_*", ExpectedResult = "")]
    [TestCase("SORT k:1:l BY k:2000:w_*", ExpectedResult = "BY")]
    [TestCase("SORT k:1:l BY k:1*", ExpectedResult = "BY")]
    [TestCase("SORT k:1:l BY w_*", ExpectedResult = "BY")]
    public string InARangeOfNumbers_TheNumberDecides(string request) =>
        Refused(request, keys => keys with { Distribution = Distribution.Range, By = RangeBy.Number, Bounds = ["1000"], Otherwise = 0 });

    [TestCase("SORT a BY b_*", ExpectedResult = "")]
    [TestCase("SORT z BY n_*", ExpectedResult = "")]
    [TestCase("SORT a BY n_*", ExpectedResult = "BY")]
    [TestCase("SORT a BY m*", ExpectedResult = "BY")]
    [TestCase("SORT a BY *", ExpectedResult = "BY")]
    public string InARangeOfBytes_NoBoundMayLieBehindTheFirstBytes(string request) =>
        Refused(request, keys => keys with { Distribution = Distribution.Range, By = RangeBy.Bytes, Bounds = ["mm"] });

    [Test]
    public void WhereKeysLiveAnywhere_NothingIsRefused() =>
        Assert.That(Refused("SORT a BY w_* GET w_*", keys => keys with { Distribution = Distribution.Random }), Is.Empty);

    /// <summary>The option that is refused.</summary>
    private static string Refused(string request, Func<PartitionerOptions, PartitionerOptions> with)
    {
        var model = Pools.Model("a", "b");
        var keys = with(model.Partitioning);
        model = model with { Distribution = keys.Distribution, Partitioning = keys };
        var snapshot = PoolSnapshot.Create(model, [.. model.Servers.Select(server => new Shard(server.Name, new Server("pool", server, 1, TestServers.Reports)))]);
        var words = request.Split(' ');
        var bytes = Encoding.ASCII.GetBytes($"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${word.Length}\r\n{word}\r\n")));
        var scanner = new RequestScanner(new RequestLimits()) { Authenticated = true };
        Assert.That(scanner.Scan(bytes), Is.EqualTo(RequestScanStatus.Request));

        var refusal = SortPatterns.Refusal(snapshot, snapshot.Partitioner.Route(words[1]), scanner.Frame(bytes));

        return refusal.IsEmpty ? "" : Encoding.ASCII.GetString(refusal).Split(' ')[1];
    }
}
