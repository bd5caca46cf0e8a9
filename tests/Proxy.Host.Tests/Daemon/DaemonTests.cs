using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Host.Tests.Daemon;

/// <summary><c>-d</c> and <c>-p</c> as processes.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class DaemonTests
{
    private readonly List<int> _daemons = [];
    private TempFolder _folder = null!;
    private int _port;

    [SetUp]
    public void SetUp()
    {
        _folder = new TempFolder();
        _port = FreePort.Next();
        WriteConfig($"127.0.0.1:{_port}");
    }

    [TearDown]
    public void TearDown()
    {
        foreach (var daemon in _daemons.Where(IsAlive))
        {
            UnixSignals.Send(daemon, UnixSignal.Kill);
        }
        _daemons.Clear();
        _folder.Dispose();
    }

    [Test]
    public void Daemonize_WhenItReturns_ClientsCanConnect()
    {
        var (exitCode, _) = Run("-d", "-p", "pid");
        Remember();

        Assert.That((exitCode, Accepts()), Is.EqualTo((0, true)));
    }

    [Test]
    public void Daemonize_ServingProcess_HasASessionOfItsOwnAndNoTerminal()
    {
        Run("-d", "-p", "pid");
        var daemon = Remember();

        Assert.That(SessionOf(daemon), Is.EqualTo(daemon));
        Assert.That(
            Enumerable.Range(0, 3).Select(standard => File.ResolveLinkTarget($"/proc/{daemon}/fd/{standard}", false)!.FullName),
            Is.All.EqualTo("/dev/null"));
    }

    [Test]
    public void Daemonize_WhoeverReadsItsOutput_DoesNotWaitForTheDaemon()
    {
        using var reader = ChildProcess.Start("sh", ["-c", "\"$0\" -c f.yaml -d -p pid 2>&1 | cat", ProxyProcess.Executable], _folder.Path);
        Eventually.True(() => File.ReadAllText(_folder["pid"]).EndsWith('\n'), "the pid file is written");
        Remember();

        Assert.That(() => reader.WaitForExit(Eventually.DefaultDeadline), Throws.Nothing);
    }

    [Test]
    public void Daemonize_WorkingFolder_IsKept()
    {
        Run("-d", "-p", "pid");
        var daemon = Remember();

        Assert.That(File.ResolveLinkTarget($"/proc/{daemon}/cwd", false)!.FullName, Is.EqualTo(_folder.Path));
    }

    [Test]
    public void Daemonize_Terminated_PidFileIsGone()
    {
        Run("-d", "-p", "pid");
        UnixSignals.Send(Remember(), UnixSignal.Terminate);

        Eventually.True(() => !File.Exists(_folder["pid"]), "the pid file goes away with its process");
    }

    [Test]
    public void Daemonize_AddressTaken_ErrorAndOneAndNoPidFile()
    {
        using var taken = Occupy();
        var (exitCode, output) = Run("-d", "-p", "pid");

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Does.Contain("Address already in use"));
        Assert.That(File.Exists(_folder["pid"]), Is.False);
    }

    [Test]
    public void Daemonize_InvalidFile_ErrorAndOne()
    {
        WriteConfig("nowhere");

        Assert.That(
            Run("-d"),
            Is.EqualTo((
                1,
                "f.yaml:5:13: pools.p.listen: directive \"listen\" has an invalid \"hostname:port\" format string: 'nowhere'\n"
                + "redis-proxy: configuration file 'f.yaml' syntax is invalid\n")));
    }

    [Test]
    public void PidFile_WithoutDaemon_HoldsTheServingProcess()
    {
        using var proxy = ChildProcess.Start(ProxyProcess.Executable, ["-c", "f.yaml", "-p", "pid"], _folder.Path);
        Eventually.True(() => File.ReadAllText(_folder["pid"]) == $"{proxy.Id}\n", "the pid file is written");

        Assert.That(Accepts(), Is.True, "the pid file means that clients can connect");
    }

    [Test]
    public void PidFile_Interrupted_GoesAway()
    {
        using var proxy = ChildProcess.Start(ProxyProcess.Executable, ["-c", "f.yaml", "-p", "pid"], _folder.Path);
        Eventually.True(() => File.ReadAllText(_folder["pid"]).EndsWith('\n'), "the pid file is written");
        proxy.Signal(UnixSignal.Interrupt);
        proxy.WaitForExit(Eventually.DefaultDeadline);

        Assert.That((proxy.ExitCode, File.Exists(_folder["pid"])), Is.EqualTo((0, false)));
    }

    [Test]
    public void PidFile_SecondStartAtTheSameAddress_LeavesTheFirstOnes()
    {
        Run("-d", "-p", "pid");
        var first = Remember();
        var (exitCode, _) = Run("-p", "pid");

        Assert.That((exitCode, File.ReadAllText(_folder["pid"])), Is.EqualTo((1, $"{first}\n")));
    }

    [TestCase("-d")]
    [TestCase("-v5")]
    public void PidFile_CannotBeWritten_ErrorBeforeServing(string flag) =>
        Assert.That(Run(flag, "-p", "none/pid"), Is.EqualTo((1, "redis-proxy: opening pid file 'none/pid' failed: No such file or directory\n")));

    private static bool IsAlive(int id) => Directory.Exists($"/proc/{id}");

    // man 5 proc_pid_stat: the session is the sixth field; the second, the name, is in parentheses.
    private static int SessionOf(int id)
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3], CultureInfo.InvariantCulture);
    }

    private (int ExitCode, string Output) Run(params string[] flags) => ChildProcess.Run(ProxyProcess.Executable, ["-c", "f.yaml", .. flags], _folder.Path);

    // A daemon outlives the process that started it, so the test has to end it.
    private int Remember()
    {
        var daemon = int.Parse(File.ReadAllText(_folder["pid"]), CultureInfo.InvariantCulture);
        _daemons.Add(daemon);
        return daemon;
    }

    private void WriteConfig(string listen) =>
        _folder.Write("f.yaml", $"proxy:\n  admin: off\npools:\n  p:\n    listen: {listen}\n    servers: [127.0.0.1:{FreePort.Next()}:1 a]\n");

    private Socket Occupy()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, _port));
        socket.Listen();
        return socket;
    }

    private bool Accepts()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, _port);
        return socket.Connected;
    }
}
