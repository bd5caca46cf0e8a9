using Prometheus;
using Proxy.Core.Metrics;

namespace Proxy.Host.Admin;

/// <summary>Declares metrics with changing series, and ends their scrapes.</summary>
/// <param name="metrics">Makes metrics of a registry.</param>
/// <param name="prefix">What all names begin with.</param>
internal sealed class FamilyFactory(MetricFactory metrics, string prefix)
{
    private readonly List<ISeriesFamily> _families = [];

    /// <summary>A metric of counters.</summary>
    public CounterFamily Counter(string name, string help, params string[] labels) => Add(new CounterFamily(metrics.CreateCounter(prefix + name, help, labels)));

    /// <summary>A metric of gauges.</summary>
    public GaugeFamily Gauge(string name, string help, params string[] labels) => Add(new GaugeFamily(metrics.CreateGauge(prefix + name, help, labels)));

    /// <summary>A metric of histograms of durations, with the buckets of <see cref="LatencyHistogram"/>.</summary>
    public HistogramFamily Histogram(string name, string help, params string[] labels)
    {
        var configuration = new HistogramConfiguration { Buckets = LatencyHistogram.UpperBounds.ToArray() };
        return Add(new HistogramFamily(metrics.CreateHistogram(prefix + name, help, labels, configuration)));
    }

    /// <summary>All series of all metrics have been set.</summary>
    public void EndScrape()
    {
        foreach (var family in _families)
        {
            family.EndScrape();
        }
    }

    private TFamily Add<TFamily>(TFamily family)
        where TFamily : ISeriesFamily
    {
        _families.Add(family);
        return family;
    }
}
