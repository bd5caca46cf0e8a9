using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.ClientSide;

/// <summary>redis-benchmark, which stops at the first error and warns if it cannot see the server's settings.</summary>
public sealed class RedisBenchmarkTests
{
    private SpreadTopology _topology = null!;

    [OneTimeSetUp]
    public void Start() => _topology = new SpreadTopology();

    [OneTimeTearDown]
    public void End() => _topology.Dispose();

    [TestCase("", ExpectedResult = 20)]
    [TestCase("-3 -t set,get,hset,zadd,spop", ExpectedResult = 5)]
    [TestCase("-P 16 -r 1000 -t set,get,incr,mset", ExpectedResult = 4)]
    [TestCase("--threads 2 -t get", ExpectedResult = 1)]
    public int Tests_AllEndWithAFigure(string arguments) => Figures(arguments);

    [Test]
    public void ServersRestart_NextRunIsAsTheFirst()
    {
        Figures("-t set,get,lpush");

        _topology.RestartServers();

        Eventually.True(() => Figures("-t set,get,lpush") == 3, "all figures");
    }

    private int Figures(string arguments)
    {
        var (_, output) = ChildProcess.Run(
            "redis-benchmark", ["-p", _topology.Port, "-n", "1000", "-c", "20", "-q", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.That(output, Does.Not.Contain("WARNING"));
        return output.Split('\n').Count(line => line.Contains(" requests per second", StringComparison.Ordinal));
    }
}
