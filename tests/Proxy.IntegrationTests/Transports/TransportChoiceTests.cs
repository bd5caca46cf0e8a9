using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transports;

/// <summary>Which transport carries the bytes, who says so, and what happens where one does not work.</summary>
[Category("Transport")]
public sealed class TransportChoiceTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Start_LogSaysWhichTransportAndWhy()
    {
        using var proxy = ProxyProcess.Start(ProxyFile.Of(["127.0.0.1:1"]));

        var pattern = ProxyProcess.Transport == "auto" ? "transport (io_uring|epoll|socket): [a-z]" : $"transport {ProxyProcess.Transport}: configured";
        Eventually.True(() => proxy.Process.Output.Contains("listening: ", StringComparison.Ordinal), "the proxy has started");
        Assert.That(proxy.Process.Output, Does.Match(pattern));
    }

    [Test]
    public void Running_LogInfoAndMetricsNameTheSameTransport()
    {
        using var metrics = new MetricsReader();
        using var proxy = ProxyProcess.Start(ProxyFile.Of(["127.0.0.1:1"]) with { Keys = [metrics.Key] });

        var name = metrics.ByLabel("redis_proxy_info").Single().Key;
        Assert.Multiple(() =>
        {
            Assert.That(proxy.Call("INFO", "server"), Does.Contain($"multiplexing_api:{name}\r\n"));
            Assert.That(proxy.Process.Output, Does.Contain($"transport {name}: "));
        });
    }

    [Test]
    public void IoUringForbidden_AutoTakesAnotherAndSaysWhy()
    {
        using var proxy = ForbiddenIoUring.Start(Config("auto"));

        Eventually.True(() => proxy.Output.Contains("listening: ", StringComparison.Ordinal), "the proxy has started");
        Assert.That(proxy.Output, Does.Match("transport (epoll|socket): .*io_uring is forbidden to this process"));
    }

    [Test]
    public void IoUringForbidden_NamedInTheFile_EndsTheStartWithTheReason()
    {
        using var proxy = ForbiddenIoUring.Start(Config("io_uring"));

        proxy.WaitForExit(Eventually.DefaultDeadline);
        Assert.That(proxy.ExitCode, Is.EqualTo(1));
        Assert.That(proxy.Output, Does.Match("redis-proxy: transport io_uring does not work here: io_uring is forbidden to this process.*`transport: auto`"));
        Assert.That(proxy.Output, Does.Not.Contain("listening"));
    }

    private string Config(string transport) =>
        _folder.Write("proxy.yaml", (ProxyFile.Of(["127.0.0.1:1"]) with { Keys = [$"transport: {transport}"] }).ToString());
}
