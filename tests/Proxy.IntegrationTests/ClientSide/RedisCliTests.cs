using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.ClientSide;

/// <summary>redis-cli, in the ways in which people and scripts use it.</summary>
public sealed class RedisCliTests
{
    private SpreadTopology _topology = null!;

    [OneTimeSetUp]
    public void Start() => _topology = new SpreadTopology();

    [OneTimeTearDown]
    public void End() => _topology.Dispose();

    [TestCase("SET cli:one 1", ExpectedResult = "OK\n")]
    [TestCase("-3 PING", ExpectedResult = "PONG\n")]
    [TestCase("-n 2 GET cli:none", ExpectedResult = "\n")]
    [TestCase("--no-raw GET cli:none", ExpectedResult = "(nil)\n")]
    [TestCase("-3 --no-raw GET cli:none", ExpectedResult = "(nil)\n")]
    [TestCase("-e GET", ExpectedResult = "ERR wrong number of arguments for 'get' command\n")]
    public string OneRequest(string arguments) => Run(arguments);

    [Test]
    public void Database_IsItsOwn()
    {
        Run("-n 2 SET cli:where two");
        Run("SET cli:where zero");

        Assert.That(Run("-n 2 GET cli:where") + Run("-n 0 GET cli:where"), Is.EqualTo("two\nzero\n"));
    }

    [Test]
    public void Maps_AreThoseOfTheVersion()
    {
        Run("HSET cli:hash a 1");

        Assert.That(Run("--no-raw HGETALL cli:hash"), Is.EqualTo("1) \"a\"\n2) \"1\"\n"));
        Assert.That(Run("-3 --no-raw HGETALL cli:hash"), Is.EqualTo("1# \"a\" => \"1\"\n"));
        Assert.That(Run("--json HGETALL cli:hash"), Is.EqualTo("{\"a\":\"1\"}\n"));
    }

    [Test]
    public void ThousandMixedCommandsOnStandardInput_AllRight()
    {
        var commands = Enumerable.Range(0, 200).SelectMany(i => new[]
        {
            $"SET cli:mixed:{i} {i}", $"INCRBY cli:mixed:{i} 5", $"HSET cli:mixed:hash:{i} a {i}", $"HGET cli:mixed:hash:{i} a",
            $"DEL cli:mixed:{i} cli:mixed:hash:{i}",
        });

        var output = RunWith(string.Join('\n', commands), "");

        Assert.That(output, Is.EqualTo(string.Concat(Enumerable.Range(0, 200).Select(i => $"OK\n{i + 5}\n1\n{i}\n2\n"))));
    }

    [Test]
    public void Transaction_OnStandardInput() => Assert.That(
        RunWith("MULTI\nSET {cli}a 1\nINCR {cli}a\nEXEC\nMULTI\nSET {cli}a 9\nDISCARD\nGET {cli}a\n", ""),
        Is.EqualTo("OK\nQUEUED\nQUEUED\nOK\n2\nOK\nQUEUED\nOK\n2\n"));

    [Test]
    public void Pipe_AllCommandsAnswered()
    {
        var requests = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"SET cli:piped:{i} {i}\r\n"));

        Assert.That(RunWith(requests, "--pipe"), Does.EndWith("errors: 0, replies: 10000\n"));
        Assert.That(Run("MGET cli:piped:0 cli:piped:5000 cli:piped:9999"), Is.EqualTo("0\n5000\n9999\n"));
    }

    [Test]
    public void Scan_PrintsEveryKey()
    {
        var keys = Enumerable.Range(0, 300).Select(i => $"cli:scanned:{i}").ToList();
        RunWith(string.Join('\n', keys.Select(key => $"SET {key} x")), "");

        Assert.That(Run("--scan --pattern cli:scanned:*").Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct(), Is.EquivalentTo(keys));
    }

    [Test]
    public void BigKeysAndMemKeys_SampleAllServers()
    {
        using var topology = new SpreadTopology();
        var commands = Enumerable.Range(0, 200).Select(i => $"SET s{i} {i}").Append("RPUSH biggest a b c d e").Append("HSET hash a 1");
        RunWith(string.Join('\n', commands), "", topology);

        var bigKeys = Run("--bigkeys", topology);

        Assert.That(bigKeys, Does.Contain("Sampled 202 keys in the keyspace!"));
        Assert.That(bigKeys, Does.Contain("Biggest   list found '\"biggest\"' has 5 items"));
        Assert.That(bigKeys, Does.Contain("200 strings with 490 bytes"));
        Assert.That(Run("--memkeys", topology), Does.Contain("Sampled 202 keys in the keyspace!"));
    }

    [Test]
    public void Stat_PrintsALineForEachInterval()
    {
        using var stat = Start(["--stat", "-i", "0.05"]);

        Eventually.True(() => stat.Output.Split('\n').Count(line => line.Contains("(+", StringComparison.Ordinal)) >= 3, "lines with numbers");
        Assert.That(stat.Output, Does.StartWith("------- data ------"));
        Assert.That(stat.HasExited, Is.False);
    }

    [Test]
    public void Eval_RunsTheScriptOfAFile()
    {
        using var folder = new TempFolder();
        var script = folder.Write("add.lua", "return redis.call('incrby', KEYS[1], ARGV[1])");

        Assert.That(Run($"--eval {script} cli:script , 7"), Is.EqualTo("7\n"));
    }

    [Test]
    public void Subscriber_PrintsWhatIsPublished()
    {
        using var subscriber = Start(["SUBSCRIBE", "cli:news"]);
        Eventually.True(() => subscriber.Output == "subscribe\ncli:news\n1\n", "the subscription");

        Assert.That(Run("PUBLISH cli:news hello"), Is.EqualTo("1\n"));

        Eventually.True(() => subscriber.Output == "subscribe\ncli:news\n1\nmessage\ncli:news\nhello\n", "the message");
    }

    [Test]
    public void BlockingPop_PrintsWhatIsPushed()
    {
        using var waiter = Start(["BLPOP", "{cli}queue", "20"]);

        Run("RPUSH {cli}queue work");

        waiter.WaitForExit(TimeSpan.FromSeconds(20));
        Assert.That(waiter.Output, Is.EqualTo("{cli}queue\nwork\n"));
    }

    [Test]
    public void ServersRestart_GoesOn()
    {
        using var topology = new SpreadTopology();
        using var counter = Start(["-r", "-1", "-i", "0.02", "INCR", "count"], topology);
        Eventually.True(() => Lines(counter).Contains("3"), "it counts");

        var before = Lines(counter).Length;
        topology.RestartServers();

        Eventually.True(() => Lines(counter).Skip(before).SkipWhile(line => line != "1").Contains("3"), "it counts from the beginning");
        Assert.That(counter.HasExited, Is.False);
    }

    private static string[] Lines(ChildProcess process) => process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // Else redis-cli writes into a pipe only what fills a buffer.
    private ChildProcess Start(string[] arguments, SpreadTopology? topology = null) =>
        ChildProcess.Start("stdbuf", ["-oL", "redis-cli", "-p", (topology ?? _topology).Port, .. arguments]);

    private string Run(string arguments, SpreadTopology? topology = null)
    {
        using var process = Start(arguments.Split(' '), topology);
        process.WaitForExit(TimeSpan.FromSeconds(60));
        return process.Output;
    }

    private string RunWith(string input, string arguments, SpreadTopology? topology = null)
    {
        using var folder = new TempFolder();
        var file = folder.Write("input", input);
        return ChildProcess.Run("sh", ["-c", $"redis-cli -p {(topology ?? _topology).Port} {arguments} < {file}"]).Output;
    }
}
