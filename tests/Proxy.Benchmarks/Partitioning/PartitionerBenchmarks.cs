using System.Text;
using BenchmarkDotNet.Attributes;
using Proxy.Partitioning;

namespace Proxy.Benchmarks.Partitioning;

/// <summary>Routing keys such as <c>user:{1234}:session</c> over eight servers, each way of partitioning. Nothing may be allocated.</summary>
[ShortRunJob]
[MemoryDiagnoser]
public class PartitionerBenchmarks
{
    private const int Routes = 1024;

    private readonly byte[][] _keys = [.. Enumerable.Range(0, Routes).Select(i => Encoding.ASCII.GetBytes($"user:{{{i * 7919 % 10000}}}:session"))];
    private Partitioner? _partitioner;

    /// <summary>The ways compared.</summary>
    public static IEnumerable<string> Ways =>
        ["modula", "random", "slots", "range by number", "range by bytes", .. HashFunctions.Names.Select(name => "ketama " + name)];

    [ParamsSource(nameof(Ways))]
    public string Way { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var words = Way.Split(' ');
        _ = Distributions.TryParse(words[0], out var distribution);
        var hash = words.Length == 2 && HashFunctions.TryParse(words[1], out var named) ? named : HashFunction.Fnv1a_64;
        var byBytes = Way == "range by bytes";
        _partitioner = Partitioner.Create(new PartitionerOptions
        {
            Distribution = distribution,
            Hash = hash,
            HashTag = HashTag.Braces,
            Members = [.. Enumerable.Range(0, 8).Select(i => new PartitionMember($"server{i}"))],
            By = byBytes ? RangeBy.Bytes : RangeBy.Number,
            Bounds = byBytes ? ["2", "3", "4", "5", "6", "7", "8"] : [1000, 2000, 3000, 4000, 5000, 6000, 7000],
        });
    }

    [Benchmark(OperationsPerInvoke = Routes)]
    public int Route()
    {
        var sum = 0;
        foreach (var key in _keys)
        {
            sum += _partitioner!.Route(key);
        }

        return sum;
    }
}
