using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Proxy.Partitioning.Hashes;

namespace Proxy.Benchmarks.Partitioning;

/// <summary>MD5 of a key: the framework's against our own.</summary>
[ShortRunJob]
public class Md5Benchmarks
{
    private readonly byte[] _digest = new byte[Md5.DigestLength];
    private byte[] _key = [];

    /// <summary>Bytes of the key; 100 take two blocks.</summary>
    [Params(20, 100)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup() => _key = new byte[Length];

    [Benchmark(Baseline = true)]
    public int Framework() => MD5.HashData(_key, _digest);

    [Benchmark]
    public byte Own()
    {
        Md5.Compute(_key, _digest);
        return _digest[0];
    }
}
