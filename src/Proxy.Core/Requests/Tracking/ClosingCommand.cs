using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;

namespace Proxy.Core.Requests.Tracking;

/// <summary>The last words on a connection whose client is done with it: it closes when they are answered.</summary>
internal sealed class ClosingCommand : InFlight
{
    private readonly LeasedConnection _lease;

    /// <param name="lease">The connection.</param>
    public ClosingCommand(LeasedConnection lease)
    {
        _lease = lease;
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
    }

    /// <inheritdoc/>
    public override void Recycle() => _lease.Close();
}
