using Prometheus;

namespace Proxy.Host.Admin;

/// <summary>
/// The series of one metric, one for each set of label values. Each scrape sets all that exist now; what it did not set is gone afterwards.
/// So a pool that a reload removed disappears, and one it added is there from its first scrape on. One scrape at a time.
/// </summary>
/// <typeparam name="TChild">What the library calls a series of this kind.</typeparam>
internal abstract class SeriesFamily<TChild>(Collector<TChild> collector) : ISeriesFamily
    where TChild : ChildBase
{
    private readonly Dictionary<string, Entry> _entries = [];
    private int _scrape;

    /// <inheritdoc/>
    public void EndScrape()
    {
        foreach (var (key, entry) in _entries)
        {
            if (entry.Scrape != _scrape)
            {
                entry.Child.Remove();
                _entries.Remove(key);
            }
        }

        _scrape++;
    }

    /// <summary>The series with these label values, which is there after this scrape.</summary>
    protected TChild Series(string[] labels)
    {
        var key = Key(labels);
        if (!_entries.TryGetValue(key, out var entry))
        {
            entry = new Entry(collector.WithLabels(labels));
            _entries.Add(key, entry);
        }

        entry.Scrape = _scrape;
        return entry.Child;
    }

    /// <summary>Starts the series with these label values anew: what is counted was made anew, and counts from zero.</summary>
    protected TChild Restart(string[] labels)
    {
        var key = Key(labels);
        _entries[key].Child.Remove();
        _entries.Remove(key);
        return Series(labels);
    }

    // Each value with its length before it: whatever names hold, two sets of them never look like one.
    private static string Key(string[] labels) => string.Concat(labels.Select(label => $"{label.Length}:{label}"));

    private sealed class Entry(TChild child)
    {
        public TChild Child { get; } = child;

        public int Scrape { get; set; }
    }
}
