using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.ClientSide;

/// <summary>The programs in tests/clients: what applications do with a client library and its default settings.</summary>
public sealed class ClientProgramTests
{
    private const string Restart = "restart the servers";

    private static readonly string[] Steps =
    [
        "connect", "mixed commands", "pipeline", "transaction", "optimistic lock", "publish and subscribe", "blocking pop", "scan", "script", "restart",
    ];

    [TestCase("/usr/bin/python3", "redis_py.py")]
    [TestCase("node", "ioredis.mjs")]
    [TestCase("node", "node_redis.mjs")]
    [TestCase("/usr/bin/php", "phpredis.php")]
    [TestCase("/usr/bin/ruby", "ruby.rb")]
    [TestCase("/usr/bin/perl", "perl.pl")]
    public void Program_DoesAllItsSteps(string interpreter, string program) => Run(interpreter, [Source(program)], "{}", Steps);

    [Test]
    public void ProgramInC_DoesAllItsSteps()
    {
        using var folder = new TempFolder();
        var (exitCode, output) = ChildProcess.Run("cc", ["-Wall", "-Werror", "-o", folder["hiredis"], Source("hiredis.c"), "-lhiredis"]);
        Assert.That(exitCode, Is.Zero, output);

        Run(folder["hiredis"], [], "{}", Steps);
    }

    /// <summary>All keys of a queue share the text between their colons (<c>bull:NAME:wait</c>): with that as hash tag they live together.</summary>
    [Test]
    public void BullMq_DoesAllItsSteps() => Run(
        "node",
        [Source("bullmq.mjs")],
        "::",
        ["connect", "a thousand jobs", "retries and delays", "flow", "pause and priorities", "obliterate", "restart"]);

    private static string Source(string program) => Path.Combine(ProxyProcess.Repository, "tests", "clients", program);

    private static void Run(string file, string[] arguments, string hashTag, string[] expected)
    {
        using var topology = new SpreadTopology(hashTag);
        using var client = ChildProcess.Start(file, [.. arguments, topology.Port]);

        Eventually.True(
            () => client.HasExited || client.Output.Contains(Restart, StringComparison.Ordinal),
            "the program comes to its last step",
            TimeSpan.FromSeconds(60));
        topology.RestartServers();

        client.WaitForExit(TimeSpan.FromSeconds(60));
        var steps = client.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line != Restart);
        Assert.That(steps, Is.EqualTo(expected.Select(step => $"{step}: done")));
        Assert.That(client.ExitCode, Is.Zero);
    }
}
