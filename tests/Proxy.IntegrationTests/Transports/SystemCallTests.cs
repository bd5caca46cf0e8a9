using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transports;

/// <summary>What the proxy asks of the kernel for each request, as strace(1) counts it.</summary>
[Category("Transport")]
public sealed class SystemCallTests
{
    private const int Rounds = 200;

    private static readonly string[] DataCalls =
    [
        "io_uring_enter", "epoll_wait", "epoll_pwait", "recvfrom", "recvmsg", "sendto", "sendmsg", "read", "write", "futex",
    ];

    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]) with { Keys = ["threads: 1"] });
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy.Dispose();
        _server.Dispose();
    }

    [Test]
    public void SteadyState_NoEpollCtl()
    {
        var clients = Enumerable.Range(0, 20).Select(_ => _proxy.Connect()).ToList();
        try
        {
            Run(clients, rounds: 10);

            var counts = CountCalls(() => Run(clients, Rounds));

            TestContext.Out.WriteLine(string.Join(", ", counts.Select(call => $"{call.Key} {call.Value}")));
            Assert.That(counts.Values.Sum(), Is.Positive, "strace has seen the proxy work");
            Assert.That(counts.GetValueOrDefault("epoll_ctl"), Is.Zero);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Test]
    public void PipelinedRequests_ShareTheirSystemCalls()
    {
        // A burst of requests comes with one receive, and its replies go with one send; what the server gets and gives is shared by many bursts.
        // Measured: 0.2 calls for a burst with io_uring, whose turn is one call, and 2.3 with epoll.
        const int Depth = 16;
        var burst = string.Concat(Enumerable.Repeat("*2\r\n$3\r\nGET\r\n$1\r\na\r\n", Depth));
        var clients = Enumerable.Range(0, 20).Select(_ => _proxy.Connect()).ToList();
        try
        {
            RunBursts(clients, burst, Depth, rounds: 10);

            var counts = CountCalls(() => RunBursts(clients, burst, Depth, Rounds));

            var calls = DataCalls.Sum(call => counts.GetValueOrDefault(call));
            TestContext.Out.WriteLine($"{calls} for {Rounds * clients.Count} bursts: {string.Join(", ", counts.Select(call => $"{call.Key} {call.Value}"))}");
            Assert.That((double)calls / (Rounds * clients.Count), Is.Positive.And.LessThan(MostCallsPerBurst()));
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    private static void RunBursts(List<RespClient> clients, string burst, int depth, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            clients.ForEach(client => client.Send(burst));
            clients.ForEach(client => client.ReadReplies(depth));
        }
    }

    private double MostCallsPerBurst()
    {
        Eventually.True(() => _proxy.Process.Output.Contains("listening: ", StringComparison.Ordinal), "the proxy has told its transport");
        return _proxy.Process.Output switch
        {
            var log when log.Contains("transport io_uring:", StringComparison.Ordinal) => 1,
            var log when log.Contains("transport epoll:", StringComparison.Ordinal) => 4,
            _ => 40, // a receive that is tried first, and what carries its end to the loop
        };
    }

    private static void Run(List<RespClient> clients, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            clients.ForEach(client => client.SendCommand("GET", "a"));
            clients.ForEach(client => Assert.That(client.ReadReply(), Is.EqualTo("$-1\r\n")));
        }
    }

    /// <summary>The system calls of the proxy's threads while <paramref name="work"/> runs.</summary>
    private Dictionary<string, int> CountCalls(Action work)
    {
        using var strace = Attach();
        work();
        strace.Signal(UnixSignal.Interrupt);
        strace.WaitForExit(Eventually.DefaultDeadline);

        // % time     seconds  usecs/call     calls    errors syscall
        //  38.46    0.012345           3      4000       123 recvfrom
        return Regex.Matches(strace.Output, @"^ *[0-9.]+ +[0-9.]+ +[0-9]+ +([0-9]+) +(?:[0-9]+ +)?([a-z][a-z0-9_]+)$", RegexOptions.Multiline)
            .Where(line => line.Groups[2].Value != "total")
            .ToDictionary(line => line.Groups[2].Value, line => int.Parse(line.Groups[1].Value));
    }

    private ChildProcess Attach()
    {
        var strace = ChildProcess.Start("strace", ["-f", "-c", "-p", $"{_proxy.Process.Id}"]);
        Eventually.True(() => strace.HasExited || strace.Output.Contains(" attached", StringComparison.Ordinal), "strace is attached");
        if (!strace.HasExited)
        {
            return strace;
        }

        var reason = strace.Output;
        strace.Dispose();
        throw new AssertionException(
            $"strace is missing, or may not watch other processes (ptrace_scope; in a container --cap-add SYS_PTRACE): {reason}");
    }
}
