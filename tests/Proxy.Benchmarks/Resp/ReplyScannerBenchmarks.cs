using System.Text;
using BenchmarkDotNet.Attributes;
using Proxy.Resp;

namespace Proxy.Benchmarks.Resp;

/// <summary>Scanning what a server sent at once: 16 replies, or a large array.</summary>
[MemoryDiagnoser]
public class ReplyScannerBenchmarks
{
    private const int Pipelined = 16;
    private const int Elements = 100;

    private readonly ReplyScanner _scanner = new();
    private readonly byte[] _ok = Repeat("+OK\r\n", Pipelined);
    private readonly byte[] _integer = Repeat(":12345\r\n", Pipelined);
    private readonly byte[] _bulk = Repeat($"$64\r\n{new string('x', 64)}\r\n", Pipelined);
    private readonly byte[] _large = Repeat($"$4096\r\n{new string('x', 4096)}\r\n", Pipelined);
    private readonly byte[] _array = Encoding.ASCII.GetBytes($"*{Elements}\r\n" + string.Concat(Enumerable.Repeat("$10\r\n0123456789\r\n", Elements)));
    private readonly byte[] _error = Repeat("-ERR unknown command 'x', with args beginning with: \r\n", Pipelined);

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int Ok() => ScanAll(_ok);

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int Integer() => ScanAll(_integer);

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int Bulk64Bytes() => ScanAll(_bulk);

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int Bulk4Kilobytes() => ScanAll(_large);

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int Error() => ScanAll(_error);

    /// <summary>One element of an array of a hundred.</summary>
    [Benchmark(OperationsPerInvoke = Elements)]
    public int ArrayElement() => ScanAll(_array);

    /// <summary>A bulk whose end comes with the next read, so that the general path finishes it.</summary>
    [Benchmark]
    public int BulkCutInTwo()
    {
        ReadOnlySpan<byte> bytes = _bulk.AsSpan(0, _bulk.Length / Pipelined);
        _scanner.Scan(bytes[..40], out _);
        _scanner.Scan(bytes[40..], out var consumed);
        return consumed;
    }

    private int ScanAll(byte[] bytes)
    {
        ReadOnlySpan<byte> fresh = bytes;
        var replies = 0;
        while (!fresh.IsEmpty && _scanner.Scan(fresh, out var consumed) == ReplyScanStatus.Complete)
        {
            replies++;
            fresh = fresh[consumed..];
        }

        return replies;
    }

    private static byte[] Repeat(string reply, int count) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(reply, count)));
}
