using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Host.Tests.Signals;

/// <summary>A proxy whose parent had signals ignored, as nohup does with SIGHUP and a shell with SIGINT for what it starts with &amp;.</summary>
[TestFixture]
internal sealed class InheritedSignalTests
{
    private TempFolder _folder = null!;
    private ChildProcess _proxy = null!;

    [SetUp]
    public void StartWithSignalsIgnored()
    {
        _folder = new TempFolder();
        _folder.Write(
            "f.yaml",
            $"proxy:\n  admin: off\npools:\n  p:\n    listen: 127.0.0.1:{FreePort.Next()}\n    servers: [127.0.0.1:{FreePort.Next()}:1 a]\n");
        _proxy = ChildProcess.Start(
            "/bin/sh", ["-c", "trap '' HUP INT; exec \"$0\" -c f.yaml -p pid", ProxyProcess.Executable], _folder.Path);
        Eventually.True(() => File.Exists(_folder["pid"]) && File.ReadAllText(_folder["pid"]).EndsWith('\n'), "the proxy serves");
    }

    [TearDown]
    public void End()
    {
        _proxy.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Interrupt_IgnoredByTheParent_EndsInOrder()
    {
        _proxy.Signal(UnixSignal.Interrupt);
        _proxy.WaitForExit(Eventually.DefaultDeadline);

        Assert.That((_proxy.ExitCode, File.Exists(_folder["pid"])), Is.EqualTo((0, false)));
    }

    [Test]
    public void Hangup_IgnoredByTheParent_Reloads()
    {
        _proxy.Signal(UnixSignal.Hangup);

        Eventually.True(() => _proxy.Output.Contains("reload", StringComparison.Ordinal), "the configuration is read again");
    }
}
