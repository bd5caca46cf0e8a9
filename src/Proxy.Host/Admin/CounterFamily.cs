using Prometheus;

namespace Proxy.Host.Admin;

/// <summary>A value that only grows, unless what is counted starts anew.</summary>
internal sealed class CounterFamily(Counter counter) : SeriesFamily<Counter.Child>(counter)
{
    /// <summary>Sets the series with these label values.</summary>
    public void Set(double value, params string[] labels)
    {
        var series = Series(labels);
        if (value < series.Value)
        {
            series = Restart(labels);
        }

        // Makes a series that is still zero visible, too.
        series.IncTo(value);
    }
}
