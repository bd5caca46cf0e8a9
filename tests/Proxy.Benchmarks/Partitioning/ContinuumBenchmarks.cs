using BenchmarkDotNet.Attributes;
using Proxy.Partitioning;

namespace Proxy.Benchmarks.Partitioning;

/// <summary>A lookup on the ring: the index by upper bits against the binary search that twemproxy does. Hashes are random, so that branches are not learnt.</summary>
[ShortRunJob]
public class ContinuumBenchmarks
{
    private const int Lookups = 4096;

    private readonly uint[] _hashes = new uint[Lookups];
    private uint[] _values = [];
    private int[] _members = [];
    private Continuum? _continuum;

    /// <summary>Servers of equal weight; each has 160 points.</summary>
    [Params(4, 32, 256)]
    public int Servers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var members = Enumerable.Range(0, Servers).Select(i => new PartitionMember($"server{i}")).ToArray();
        var points = KetamaPoints.Build(members, [.. Enumerable.Range(0, Servers)]);
        _continuum = new Continuum(points);
        _values = [.. points.Select(point => point.Value)];
        _members = [.. points.Select(point => point.Member)];
        var random = new Random(1);
        for (var i = 0; i < Lookups; i++)
        {
            _hashes[i] = (uint)random.NextInt64(1L << 32);
        }
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int Index()
    {
        var sum = 0;
        foreach (var hash in _hashes)
        {
            sum += _continuum!.MemberAt(hash);
        }

        return sum;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lookups)]
    public int BinarySearch()
    {
        var sum = 0;
        foreach (var hash in _hashes)
        {
            var i = Array.BinarySearch(_values, hash);
            i = i < 0 ? ~i : i;
            sum += _members[i == _members.Length ? 0 : i];
        }

        return sum;
    }
}
