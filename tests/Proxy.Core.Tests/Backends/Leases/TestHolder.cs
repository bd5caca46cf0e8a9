using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;

namespace Proxy.Core.Tests.Backends.Leases;

/// <summary>Writes down what it is told.</summary>
internal sealed class TestHolder : ILeaseHolder
{
    public List<string> Pushes { get; } = [];

    public List<FailureKind> Losses { get; } = [];

    public int Retirements { get; private set; }

    /// <summary>Is done when it is told that its server leaves.</summary>
    public Action? Retired { get; init; }

    public bool TakesUnasked { get; init; }

    public void OnPush(LeasedConnection lease, ReadOnlySpan<byte> frame) => Pushes.Add(Encoding.Latin1.GetString(frame));

    public void OnLost(LeasedConnection lease, BackendFailure failure) => Losses.Add(failure.Kind);

    public void OnRetired(LeasedConnection lease)
    {
        Retirements++;
        Retired?.Invoke();
    }
}
