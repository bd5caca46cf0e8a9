using System.Collections.Immutable;
using System.Net;
using NUnit.Framework;
using Proxy.Core.Model;
using Proxy.Host.CommandLine;

namespace Proxy.Host.Tests.CommandLine;

[TestFixture]
internal sealed class ModelFlagsTests
{
    private static ProxyModel Model(AddressModel? stats) =>
        new(new ProcessModel { Threads = 1, Stats = stats, StatsIsDefault = true, Log = new LogModel { File = "a", Verbosity = 3 } }, ImmutableArray<PoolModel>.Empty);

    private static AddressModel At(string endPoint) => new() { Text = endPoint, EndPoint = IPEndPoint.Parse(endPoint) };

    [Test]
    public void Apply_NoFlags_LeavesTheFile()
    {
        var model = Model(At("10.0.0.1:1"));

        Assert.That(new ModelFlags().Apply(model), Is.EqualTo(model));
    }

    [TestCase(null, 5, null, "127.0.0.1:5")]
    [TestCase(null, null, "0.0.0.0", "0.0.0.0:22222")]
    [TestCase("10.0.0.1:1", 5, null, "10.0.0.1:5")]
    [TestCase("10.0.0.1:1", null, "10.0.0.2", "10.0.0.2:1")]
    [TestCase("10.0.0.1:1", 5, "::1", "[::1]:5")]
    public void Apply_StatisticsFlags_BeatTheFileEachInItsHalf(string? written, int? port, string? address, string expected)
    {
        var flags = new ModelFlags { StatsPort = port, StatsAddress = address is null ? null : IPAddress.Parse(address) };
        var process = flags.Apply(Model(written is null ? null : At(written))).Process;

        Assert.That((process.Stats?.EndPoint, process.StatsIsDefault), Is.EqualTo(((EndPoint)IPEndPoint.Parse(expected), false)));
    }

    [Test]
    public void Apply_LogFlags_BeatTheFile() =>
        Assert.That(
            new ModelFlags { Verbosity = 11, LogFile = "b" }.Apply(Model(null)).Process.Log,
            Is.EqualTo(new LogModel { File = "b", Verbosity = 11 }));
}
