using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Host.Tests.CommandLine;

/// <summary><c>redis-proxy route</c> as a process.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class RouteCommandTests
{
    private const string Users =
        """
        pools:
          users:
            listen: 127.0.0.1:6380
            distribution: range
            range:
              bounds: [10, 20]
            servers:
              - 127.0.0.1:7001:1 first
              - redis.example:7002:1 second
              - /tmp/r.sock:1

        """;

    private const string Sessions = "  sessions:\n    listen: 127.0.0.1:6381\n    servers:\n      - 127.0.0.1:7009:1 only\n";

    private TempFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TempFolder();
        _folder.Write("one.yaml", Users);
        _folder.Write("two.yaml", Users + Sessions);
    }

    [TearDown]
    public void TearDown() => _folder.Dispose();

    private (int ExitCode, string Output) Run(params string[] arguments) => ChildProcess.Run(ProxyProcess.Executable, ["route", .. arguments], _folder.Path);

    // Through a shell, for bytes on standard input and in arguments.
    private (int ExitCode, string Output) Shell(string command) =>
        ChildProcess.Run("bash", ["-c", command.Replace("PROXY", ProxyProcess.Executable)], _folder.Path);

    [Test]
    public void Keys_OnePool_KeyServerAndAddressALine() =>
        Assert.That(
            Run("-c", "one.yaml", "u:9", "u:10", "u:20"),
            Is.EqualTo((0, "u:9\tfirst\t127.0.0.1:7001\nu:10\tsecond\tredis.example:7002\nu:20\t/tmp/r.sock:\t/tmp/r.sock\n")));

    [Test]
    public void Keys_ChosenPool() => Assert.That(Run("-c", "two.yaml", "-p", "sessions", "a"), Is.EqualTo((0, "a\tonly\t127.0.0.1:7009\n")));

    [Test]
    public void Keys_ConfigurationBeforeTheCommand() =>
        Assert.That(ChildProcess.Run(ProxyProcess.Executable, ["-c", "one.yaml", "route", "1"], _folder.Path), Is.EqualTo((0, "1\tfirst\t127.0.0.1:7001\n")));

    [Test]
    public void Keys_SeveralPoolsAndNoChoice_ListsThem() =>
        Assert.That(Run("-c", "two.yaml", "a"), Is.EqualTo((1, "redis-proxy: 'two.yaml' has several pools, choose one with -p: users, sessions\n")));

    [Test]
    public void Keys_UnknownPool_ListsThem() =>
        Assert.That(
            Run("-c", "two.yaml", "-p", "user", "a"),
            Is.EqualTo((1, "redis-proxy: 'two.yaml' has no pool 'user' (did you mean 'users'?), only: users, sessions\n")));

    [Test]
    public void Keys_NobodyTakesIt_DashesAndOne() => Assert.That(Run("-c", "one.yaml", "x", "1"), Is.EqualTo((1, "x\t-\t-\n1\tfirst\t127.0.0.1:7001\n")));

    [TestCase("@1")]
    [TestCase("[1]")]
    [TestCase("{1}")]
    [TestCase("")]
    public void Keys_OddCharacters_AreJustKeys(string key) => Assert.That(Run("-c", "two.yaml", "-p", "sessions", key), Is.EqualTo((0, $"{key}\tonly\t127.0.0.1:7009\n")));

    [Test]
    public void Keys_BeginningWithADash_AfterTwoDashes() => Assert.That(Run("-c", "one.yaml", "--", "-1"), Is.EqualTo((0, "-1\tfirst\t127.0.0.1:7001\n")));

    [Test]
    public void Keys_BytesThatAreNoText_AreRoutedAsGiven()
    {
        // By bytes, the bound stands between 0xfe and 0xff; as text both would be the same replacement character.
        _folder.Write("bytes.yaml", Users.Replace("bounds: [10, 20]", "by: bytes\n      bounds: [a, \ud83c\udf89]"));

        Assert.That(
            Shell("PROXY route -c bytes.yaml $'\\x80' $'\\xff'"),
            Is.EqualTo((0, "\"\\x80\"\tsecond\tredis.example:7002\n\"\\xff\"\t/tmp/r.sock:\t/tmp/r.sock\n")));
    }

    [Test]
    public void Keys_NotPrintable_StandInQuotes() => Assert.That(Run("-c", "one.yaml", "1\t\n"), Is.EqualTo((0, "\"1\\t\\n\"\tfirst\t127.0.0.1:7001\n")));

    [Test]
    public void NoKeys_SaysSo() =>
        Assert.That(Run("-c", "one.yaml"), Is.EqualTo((1, "redis-proxy: route takes at least one key, or --spread\nTry 'redis-proxy --help'.\n")));

    [Test]
    public void SpreadAndKeys_SaysSo() =>
        Assert.That(
            Run("-c", "one.yaml", "--spread", "a"),
            Is.EqualTo((1, "redis-proxy: --spread reads its keys from standard input, not from the command line\nTry 'redis-proxy --help'.\n")));

    [Test]
    public void InvalidFile_ErrorsAndOne()
    {
        _folder.Write("bad.yaml", "pools:\n");

        Assert.That(Run("-c", "bad.yaml", "a"), Is.EqualTo((1, "bad.yaml:1:7: pools: has no pools\nredis-proxy: configuration file 'bad.yaml' syntax is invalid\n")));
    }

    [Test]
    public void Spread_CountsKeysOfEveryServer() =>
        Assert.That(
            Shell("printf '%s\\n' 1 2 15 | PROXY route --spread -c one.yaml"),
            Is.EqualTo((0, "first\t2\t66.67\nsecond\t1\t33.33\n/tmp/r.sock:\t0\t0.00\n")));

    [Test]
    public void Spread_NoKeys_Zeros() =>
        Assert.That(Shell("PROXY route --spread -c one.yaml < /dev/null"), Is.EqualTo((0, "first\t0\t0.00\nsecond\t0\t0.00\n/tmp/r.sock:\t0\t0.00\n")));

    [Test]
    public void Spread_KeysThatNobodyTakes_HaveALineAndOne() =>
        Assert.That(
            Shell("printf '%s\\n' 1 x | PROXY route --spread -c one.yaml"),
            Is.EqualTo((1, "first\t1\t50.00\nsecond\t0\t0.00\n/tmp/r.sock:\t0\t0.00\n-\t1\t50.00\n")));
}
