using Microsoft.Extensions.Logging;
using Prometheus;
using Proxy.Core.Metrics;

namespace Proxy.Host.Admin;

/// <summary>
/// The page that Prometheus reads. The library's metrics are only filled when a page is made, from a snapshot of the counters that the workers keep for
/// themselves: a counter of the library costs more than routing a request.
/// </summary>
internal sealed partial class MetricsPage
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly IStatisticsSource _source;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly FamilyFactory _own;
    private readonly FamilyFactory _common;
    private readonly ProgramFamilies _program;
    private readonly PoolFamilies _pools;
    private readonly ServerFamilies _servers;
    private readonly ProcessFamilies _process;
    private readonly RuntimeFamilies _runtime;

    /// <summary>Declares all metrics in a registry of its own.</summary>
    public MetricsPage(IStatisticsSource source, ReloadStatistics reloads, TimeProvider clock, ILogger logger)
    {
        _source = source;
        _clock = clock;
        _logger = logger;
        var metrics = Metrics.WithCustomRegistry(_registry);
        _own = new FamilyFactory(metrics, "redis_proxy_");
        _program = new ProgramFamilies(_own, reloads);
        _pools = new PoolFamilies(_own);
        _servers = new ServerFamilies(_own);
        _common = new FamilyFactory(metrics, "");
        _process = new ProcessFamilies(_common);
        _runtime = new RuntimeFamilies(_common);
        _registry.AddBeforeCollectCallback(Fill);
    }

    /// <summary>Makes the page. It is complete before the first byte goes anywhere, so that a slow reader holds up nobody.</summary>
    public async Task<ReadOnlyMemory<byte>> RenderAsync(ExpositionFormat format, CancellationToken cancellation)
    {
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            using var page = new MemoryStream();
            await _registry.CollectAndExportAsTextAsync(page, format, cancellation);
            return page.GetBuffer().AsMemory(0, (int)page.Length);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private void Fill()
    {
        try
        {
            var statistics = ProxyStatistics.Take(_source, _clock.GetUtcNow());
            _program.Set(statistics);
            foreach (var pool in statistics.Pools)
            {
                _pools.Set(pool, statistics.CommandNames);
                foreach (var server in pool.Servers)
                {
                    _servers.Set(pool.Name, server);
                }
            }

            _own.EndScrape();
            _process.Set();
            _runtime.Set();
            _common.EndScrape();
        }
        catch (Exception bug)
        {
            // The library drops exceptions of this callback without a word.
            Log.FillFailed(_logger, bug);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "metrics could not be brought up to date")]
        public static partial void FillFailed(ILogger logger, Exception bug);
    }
}
