using System.Text;
using BenchmarkDotNet.Attributes;
using Proxy.Resp;

namespace Proxy.Benchmarks.Resp;

/// <summary>Scanning what a client sent at once: 16 requests, or parts of one.</summary>
[MemoryDiagnoser]
public class RequestScannerBenchmarks
{
    private const int Pipelined = 16;

    private readonly RequestScanner _scanner = new(RequestLimits.Default) { Authenticated = true };
    private byte[] _get = [];
    private byte[] _set = [];
    private byte[] _large = [];
    private byte[] _mget = [];
    private byte[] _inline = [];

    [GlobalSetup]
    public void Setup()
    {
        _get = Repeat(Request("GET", "key:000000000001"));
        _set = Repeat(Request("SET", "key:000000000001", new string('x', 64)));
        _large = Repeat(Request("SET", "key:000000000001", new string('x', 4096)));
        _mget = Repeat(Request(["MGET", .. Enumerable.Range(0, 100).Select(i => $"key:{i:d12}")]));
        _inline = Repeat("PING\r\n");
    }

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int Get() => ScanAll(_get);

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int Set64Bytes() => ScanAll(_set);

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int Set4Kilobytes() => ScanAll(_large);

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int MgetOf100() => ScanAll(_mget);

    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int InlinePing() => ScanAll(_inline);

    /// <summary>Each request comes in two parts, so that the general path finishes it.</summary>
    [Benchmark(OperationsPerInvoke = Pipelined)]
    public int SetCutInTwo()
    {
        var length = _set.Length / Pipelined;
        var arguments = 0;
        for (var start = 0; start < _set.Length; start += length)
        {
            _scanner.Scan(_set.AsSpan(start, length / 2));
            _scanner.Scan(_set.AsSpan(start, length));
            arguments += _scanner.Frame(_set.AsSpan(start, length)).Count;
        }

        return arguments;
    }

    private int ScanAll(byte[] bytes)
    {
        ReadOnlySpan<byte> unread = bytes;
        var arguments = 0;
        while (_scanner.Scan(unread) == RequestScanStatus.Request)
        {
            arguments += _scanner.Frame(unread).Count;
            unread = unread[_scanner.Consumed..];
        }

        return arguments;
    }

    private static byte[] Repeat(string request) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(request, Pipelined)));

    private static string Request(params string[] arguments) =>
        $"*{arguments.Length}\r\n" + string.Concat(arguments.Select(a => $"${a.Length}\r\n{a}\r\n"));
}
