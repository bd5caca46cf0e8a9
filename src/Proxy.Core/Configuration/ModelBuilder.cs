using System.Net;
using Proxy.Core.Model;

namespace Proxy.Core.Configuration;

/// <summary>Makes the model of a configuration without errors.</summary>
internal static class ModelBuilder
{
    private const string DefaultAdmin = "127.0.0.1:9151";

    // twemproxy's port, but not on every address.
    private const string DefaultNutcrackerStats = "127.0.0.1:22222";

    /// <summary>Builds the model. The partitioner's own warnings are added to the problems.</summary>
    public static ProxyModel Build(ProxyConfig config, HostResolver resolver, ConfigProblems problems) =>
        new(BuildProcess(config, resolver), [.. config.Pools.Select(pool => PoolModelBuilder.Build(pool, resolver, problems))]);

    private static ProcessModel BuildProcess(ProxyConfig config, HostResolver resolver)
    {
        var written = config.Process;
        var defaults = new ProcessModel { Threads = Environment.ProcessorCount };
        var stats = config.IsNutcracker ? DefaultNutcrackerStats : null;
        return defaults with
        {
            // Environment.ProcessorCount counts what the process may use: its affinity and its control group's quota, rounded up.
            Threads = written.Threads is { Value: > 0 } threads ? threads.Value : defaults.Threads,
            Transport = written.Transport?.Value ?? defaults.Transport,
            IoUringWait = written.IoUringWaitMicroseconds is { } wait ? TimeSpan.FromMicroseconds(wait.Value) : defaults.IoUringWait,
            IoUringWaitReads = written.IoUringWaitReads?.Value ?? defaults.IoUringWaitReads,
            Admin = Address(written.Admin, DefaultAdmin, resolver),
            AdminIsDefault = written.Admin is null,
            Stats = Address(written.Stats, stats, resolver),
            StatsIsDefault = written.Stats is null,
            DrainTimeout = written.DrainTimeout is { } drain ? TimeSpan.FromMilliseconds(drain.Value) : defaults.DrainTimeout,
            MemoryLimit = written.MemoryLimit?.Value ?? defaults.MemoryLimit,
            Log = new LogModel
            {
                File = written.Log.File?.Value,
                Verbosity = written.Log.Level?.Value ?? defaults.Log.Verbosity,
                Format = written.Log.Format?.Value ?? defaults.Log.Format,
            },
        };
    }

    private static AddressModel? Address(Setting<AddressConfig?>? written, string? otherwise, HostResolver resolver)
    {
        if (written is null)
        {
            return otherwise is null ? null : new AddressModel { Text = otherwise, EndPoint = IPEndPoint.Parse(otherwise) };
        }
        return written.Value is { } address ? AddressModels.ToBind(address, resolver) : null;
    }
}
