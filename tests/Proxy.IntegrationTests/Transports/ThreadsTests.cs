using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transports;

/// <summary><c>threads: auto</c>: one worker for each processor that the process may use.</summary>
[Category("Transport")]
public sealed class ThreadsTests
{
    [Test]
    public void OneProcessorAllowed_OneWorker()
    {
        // As in a container with a set of processors; taskset(1) is a part of util-linux, as setpriv is.
        using var folder = new TempFolder();
        using var metrics = new MetricsReader();
        var config = folder.Write("proxy.yaml", FileWith(metrics).ToString());
        using var proxy = ChildProcess.Start("taskset", ["-c", FirstProcessor(), ProxyProcess.Executable, "-c", config]);
        Eventually.True(() => proxy.Output.Contains("listening: ", StringComparison.Ordinal), "the proxy has started");

        Assert.That(Workers(metrics), Is.EqualTo(1));
    }

    [Test]
    public void AllProcessorsAllowed_OneWorkerForEach()
    {
        using var metrics = new MetricsReader();
        using var proxy = ProxyProcess.Start(FileWith(metrics));

        Assert.That(Workers(metrics), Is.EqualTo(Environment.ProcessorCount));
    }

    private static ProxyFile FileWith(MetricsReader metrics) => ProxyFile.Of(["127.0.0.1:1"]) with { Keys = ["threads: auto", metrics.Key] };

    private static int Workers(MetricsReader metrics) => metrics.ByLabel("redis_proxy_worker_client_connections").Count;

    /// <summary>The first that this process may use; a container's need not be 0.</summary>
    private static string FirstProcessor() => File.ReadLines("/proc/self/status")
        .First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t', ',', '-')[1];
}
