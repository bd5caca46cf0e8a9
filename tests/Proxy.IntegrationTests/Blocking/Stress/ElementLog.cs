using System.Collections.Concurrent;

namespace Proxy.IntegrationTests.Blocking.Stress;

/// <summary>What was pushed to the list of one server, and who got it.</summary>
internal sealed class ElementLog
{
    private readonly ConcurrentDictionary<string, string> _delivered = new();

    /// <summary>Elements whose push was acknowledged.</summary>
    public List<string> Pushed { get; } = [];

    /// <summary>Elements whose push was answered with an error: they may be there.</summary>
    public List<string> Perhaps { get; } = [];

    /// <summary>Element to the client that got it.</summary>
    public IReadOnlyDictionary<string, string> Deliveries => _delivered;

    public void Delivered(string element, string client)
    {
        if (!_delivered.TryAdd(element, client))
        {
            throw new InvalidOperationException($"{client} got {element}, which {_delivered[element]} has");
        }
    }
}
