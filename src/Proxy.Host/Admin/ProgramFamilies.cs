using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Proxy.Core.Metrics;
using Proxy.Host.Statistics;

namespace Proxy.Host.Admin;

/// <summary>The metrics of the program as a whole: what it is, since when, with which configuration.</summary>
internal sealed class ProgramFamilies(FamilyFactory make, ReloadStatistics reloads)
{
    private readonly GaugeFamily _build = make.Gauge("build_info", "What is running; always 1.", "version", "commit", "runtime", "aot");
    private readonly GaugeFamily _info = make.Gauge("info", "How the program runs; always 1.", "transport");
    private readonly GaugeFamily _clients = make.Gauge("worker_client_connections", "Connected clients of all pools, by the event loop that serves them.", "worker");
    private readonly CounterFamily _allocated = make.Counter("worker_allocated_bytes_total", "Managed memory allocated by an event loop's thread, up to about a second ago.", "worker");
    private readonly GaugeFamily _start = make.Gauge("start_time_seconds", "When the proxy started to serve, in seconds since 1970.");
    private readonly GaugeFamily _lastSuccessful = make.Gauge("config_last_reload_successful", "1 when the last load of the configuration took effect.");
    private readonly GaugeFamily _lastSuccess = make.Gauge("config_last_reload_timestamp_seconds", "When a load of the configuration last took effect, in seconds since 1970.");
    private readonly CounterFamily _reloads = make.Counter("config_reloads_total", "Reloads of the configuration, by how they ended.", "result");

    /// <summary>Sets all of them.</summary>
    public void Set(ProxyStatistics statistics)
    {
        var aot = RuntimeFeature.IsDynamicCodeSupported ? "false" : "true";
        _build.Set(1, StatisticsReport.Version, StatisticsReport.Revision, RuntimeInformation.FrameworkDescription, aot);
        _info.Set(1, statistics.Transport);
        for (var worker = 0; worker < statistics.ClientsByWorker.Count; worker++)
        {
            var name = worker.ToString(CultureInfo.InvariantCulture);
            _clients.Set(statistics.ClientsByWorker[worker], name);
            _allocated.Set(statistics.AllocatedBytesByWorker[worker], name);
        }

        _start.Set(statistics.StartTime.ToUnixTimeMilliseconds() / 1000.0);
        _lastSuccessful.Set(reloads.LastSuccessful ? 1 : 0);
        _lastSuccess.Set(reloads.LastSuccessSeconds);
        _reloads.Set(reloads.Successes, "success");
        _reloads.Set(reloads.Failures, "failure");
    }
}
