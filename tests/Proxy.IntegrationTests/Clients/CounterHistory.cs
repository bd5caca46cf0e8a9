using System.Globalization;

namespace Proxy.IntegrationTests.Clients;

/// <summary>A counter that one client alone increments: never lost, never counted twice.</summary>
internal sealed class CounterHistory
{
    private long _least;
    private long _most;

    public void PerhapsIncremented() => _most++;

    /// <summary>Takes the reply to INCR; false when it can not be right.</summary>
    public bool Incremented(string reply)
    {
        var value = long.Parse(reply.AsSpan(1, reply.Length - 3), CultureInfo.InvariantCulture);
        var right = value > _least && value <= _most + 1;
        _least = _most = value;
        return right;
    }

    public override string ToString() => $"{_least + 1} to {_most + 1}";
}
