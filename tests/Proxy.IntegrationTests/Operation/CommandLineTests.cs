using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Operation;

/// <summary>Flags and subcommands of the executable.</summary>
public sealed class CommandLineTests
{
    private TempFolder _folder = null!;
    private RedisServer _server = null!;

    [OneTimeSetUp]
    public void StartRedis() => _server = RedisServer.Start();

    [OneTimeTearDown]
    public void EndRedis() => _server.Dispose();

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("-h")]
    [TestCase("--help")]
    [TestCase("-V")]
    [TestCase("--version")]
    [TestCase("-D")]
    [TestCase("--describe-stats")]
    public void Informing_ExitsWithZero(string flag)
    {
        var (exitCode, output) = ProxyProcess.Run(flag);

        Assert.That(output, Is.Not.Empty);
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public void DescribeStats_NamesTwemproxysStatistics() =>
        Assert.That(ProxyProcess.Run("-D").Output, Does.Contain("client_eof").And.Contain("forward_error").And.Contain("out_queue_bytes"));

    [Test]
    public void UnknownFlag_Fails() => Assert.That(ProxyProcess.Run("--no-such-flag").ExitCode, Is.Not.Zero);

    [Test]
    public void TestConf_OfAGoodFile_SaysOk()
    {
        var (exitCode, output) = ProxyProcess.Run("-t", "-c", _folder.Write("good.yaml", ProxyFile.Of([_server.Address]).ToString()));

        Assert.That(output.TrimEnd(), Does.EndWith("syntax is ok"));
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public void TestConf_OfANutcrackerFile_SaysOk()
    {
        var path = _folder.Write(
            "nutcracker.yml",
            $"alpha:\n  listen: 127.0.0.1:{FreePort.Next()}\n  redis: true\n  servers:\n   - 127.0.0.1:6379:1\n");

        Assert.That(ProxyProcess.Run("--test-conf", "--conf-file", path).ExitCode, Is.Zero);
    }

    [Test]
    public void TestConf_OfABadFile_SaysEveryErrorWithItsLine()
    {
        var path = _folder.Write(
            "bad.yaml",
            "pools:\n  main:\n    listen: 127.0.0.1:0\n    distributoin: ketama\n    timeout: soon\n    servers:\n      - 127.0.0.1:1:1 a\n");

        var (exitCode, output) = ProxyProcess.Run("-t", "-c", path);

        Assert.That(output, Does.Contain($"{path}:3").And.Contain($"{path}:4").And.Contain($"{path}:5"));
        Assert.That(output, Does.Contain("did you mean 'distribution'?"));
        Assert.That(output.TrimEnd(), Does.EndWith("syntax is invalid"));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public void MissingFile_FailsWithItsName()
    {
        var (exitCode, output) = ProxyProcess.Run("-c", _folder["none.yaml"]);

        Assert.That(output, Does.Contain("none.yaml"));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public void TakenAddress_FailsWithTheAddress()
    {
        using var taken = new TcpListener(IPAddress.Loopback, FreePort.Next());
        taken.Start();
        var pool = new PoolText { Servers = [_server.Address], Listen = taken.LocalEndpoint.ToString()! };

        var (exitCode, output) = ProxyProcess.Run("-c", _folder.Write("taken.yaml", new ProxyFile { Pools = [pool] }.ToString()));

        Assert.That(output, Does.Contain(pool.Listen));
        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public void PidFile_HoldsThePidAndGoesAway()
    {
        using var proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]), "-p", _folder["pid"]);

        Eventually.Equal(() => File.ReadAllText(_folder["pid"]).Trim(), $"{proxy.Process.Id}", "the pid file holds the pid");
        proxy.Terminate();
        Assert.That(proxy.WaitForExit(), Is.Zero);
        Assert.That(File.Exists(_folder["pid"]), Is.False);
    }

    [Test]
    public void Daemon_ServesWhenTheCommandReturns_AndEndsWithItsPid()
    {
        var file = ProxyFile.Of([_server.Address]);
        var config = _folder.Write("proxy.yaml", file.ToString());
        var exitCode = ProxyProcess.Run("-d", "-c", config, "-p", _folder["pid"], "-o", _folder["log"]).ExitCode;
        Assert.That(exitCode, Is.Zero);
        var pid = int.Parse(File.ReadAllText(_folder["pid"]));
        try
        {
            using var client = RespClient.Connect(file.Pools[0].EndPoint);
            Assert.That(client.Call("PING"), Is.EqualTo("+PONG\r\n"));
        }
        finally
        {
            UnixSignals.Send(pid, UnixSignal.Terminate);
        }

        Eventually.True(
            () => !Directory.Exists($"/proc/{pid}") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z "), "the daemon has ended");
        Assert.That(File.Exists(_folder["pid"]), Is.False);
    }

    [Test]
    public void Daemon_ThatCannotListen_PrintsTheErrorAndFails()
    {
        using var taken = new TcpListener(IPAddress.Loopback, FreePort.Next());
        taken.Start();
        var pool = new PoolText { Servers = [_server.Address], Listen = taken.LocalEndpoint.ToString()! };
        var config = _folder.Write("proxy.yaml", new ProxyFile { Pools = [pool] }.ToString());

        var (exitCode, output) = ProxyProcess.Run("-d", "-c", config, "-p", _folder["pid"], "-o", _folder["log"]);

        Assert.That(output, Does.Contain(pool.Listen));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(File.Exists(_folder["pid"]), Is.False);
    }

    [Test]
    public void Route_PrintsKeyServerAndAddress()
    {
        var config = _folder.Write("proxy.yaml", RedisTopology.File(["127.0.0.1:7001", "127.0.0.1:7002"]).ToString());

        var (exitCode, output) = ProxyProcess.Run("route", "-c", config, "key:1", "key:1500");

        Assert.That(output, Is.EqualTo("key:1\tshard0\t127.0.0.1:7001\nkey:1500\tshard1\t127.0.0.1:7002\n"));
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public void Route_OfAPool_TakesThatPool()
    {
        var file = new ProxyFile
        {
            Pools = [new PoolText { Name = "a", Servers = ["127.0.0.1:7001"] }, new PoolText { Name = "b", Servers = ["127.0.0.1:7002"] }],
        };
        var config = _folder.Write("proxy.yaml", file.ToString());

        Assert.That(ProxyProcess.Run("route", "-c", config, "-p", "b", "x").Output, Is.EqualTo("x\tshard0\t127.0.0.1:7002\n"));
    }

    [Test]
    public void RouteSpread_CountsKeysOfStandardInput()
    {
        var config = _folder.Write("proxy.yaml", RedisTopology.File(["127.0.0.1:7001", "127.0.0.1:7002"]).ToString());
        var keys = _folder.Write("keys", "key:1\nkey:2\nkey:3\nkey:1500\n");

        const string Script = "\"$0\" route --spread -c \"$1\" < \"$2\"";
        var (exitCode, output) = ChildProcess.Run("sh", ["-c", Script, ProxyProcess.Executable, config, keys]);

        Assert.That(output, Does.Match("^shard0\t3\t75(\\.0+)?%?\nshard1\t1\t25(\\.0+)?%?\n$"));
        Assert.That(exitCode, Is.Zero);
    }
}
