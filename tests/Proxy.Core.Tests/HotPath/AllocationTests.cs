using System.Diagnostics;
using System.Text;
using NUnit.Framework;

namespace Proxy.Core.Tests.HotPath;

/// <summary>A request that is served as the ones before it were costs no memory: nothing that the garbage collector would have to find again.</summary>
[Platform("Linux")]
public sealed class AllocationTests
{
    private const int Bytes = 64;

    private static readonly string Value = new('x', Bytes);

    [TestCase(1)]
    [TestCase(16)]
    public async Task Get_AllocatesNothing(int pipelined) =>
        await AssertNothingAllocated(Request("GET", "key"), Bulk(Value), _ => Bulk(Value), pipelined, servers: 1);

    [TestCase(1)]
    [TestCase(16)]
    public async Task Set_AllocatesNothing(int pipelined) =>
        await AssertNothingAllocated(Request("SET", "key", Value), "+OK\r\n", _ => "+OK\r\n", pipelined, servers: 1);

    [TestCase(1)]
    [TestCase(16)]
    public async Task MgetOverSeveralServers_AllocatesNothing(int pipelined)
    {
        var keys = Enumerable.Range(0, 8).Select(i => $"key:{i}").ToArray();

        await AssertNothingAllocated(Request(["MGET", .. keys]), Array(8), count => Array(Math.Max(0, count - 1)), pipelined, servers: 4);
    }

    [TestCase("HELLO", "3")]
    [TestCase("SELECT", "3")]
    public async Task GetOfAnotherSession_AllocatesNothing(params string[] begin) =>
        await AssertNothingAllocated(Request("GET", "key"), Bulk(Value), _ => Bulk(Value), pipelined: 16, servers: 1, begin: Request(begin));

    [TestCase(16 * 1024)]
    [TestCase(1024 * 1024)]
    public async Task GetOfALargeValue_AllocatesNothing(int length)
    {
        var value = Bulk(new string('x', length));

        await AssertNothingAllocated(Request("GET", "key"), value, _ => value, pipelined: 1, servers: 1, times: 500);
    }

    [TestCase(16 * 1024)]
    [TestCase(1024 * 1024)]
    public async Task SetOfALargeValue_AllocatesNothing(int length) =>
        await AssertNothingAllocated(
            Request("SET", "key", new string('x', length)), "+OK\r\n", _ => "+OK\r\n", pipelined: 1, servers: 1, times: 500);

    private static async Task AssertNothingAllocated(
        string request, string answer, Func<int, string> reply, int pipelined, int servers, int times = 3000, string begin = "")
    {
        var started = Enumerable.Range(0, servers).Select(_ => new FixedServer(reply)).ToArray();
        await using var proxy = await RunningProxy.StartAsync(started);
        var requests = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(request, pipelined)));
        proxy.Begin(Encoding.Latin1.GetBytes(begin + Request("ECHO", "begun")), Encoding.Latin1.GetBytes(Bulk("begun")));
        proxy.Repeat(requests, answer.Length * pipelined, times);
        var before = await proxy.AllocatedAsync();
        var watch = Stopwatch.StartNew();

        proxy.Repeat(requests, answer.Length * pipelined, times);

        // The worker has a few timers of some hundred bytes each, and now and then a block is given back and made again.
        var besides = (32 * 1024) + (2048 * watch.Elapsed.TotalSeconds);
        var allocated = await proxy.AllocatedAsync() - before;
        System.Array.ForEach(started, server => server.Dispose());
        Assert.That(allocated, Is.LessThan((0.1 * times * pipelined) + besides));
    }

    private static string Request(params string[] arguments) =>
        $"*{arguments.Length}\r\n{string.Concat(arguments.Select(Bulk))}";

    private static string Bulk(string value) => $"${value.Length}\r\n{value}\r\n";

    private static string Array(int count) => $"*{count}\r\n{string.Concat(Enumerable.Repeat(Bulk(Value), count))}";
}
