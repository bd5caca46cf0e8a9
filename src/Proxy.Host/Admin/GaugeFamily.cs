using Prometheus;

namespace Proxy.Host.Admin;

/// <summary>A value that goes up and down.</summary>
internal sealed class GaugeFamily(Gauge gauge) : SeriesFamily<Gauge.Child>(gauge)
{
    /// <summary>Sets the series with these label values.</summary>
    public void Set(double value, params string[] labels) => Series(labels).Set(value);
}
