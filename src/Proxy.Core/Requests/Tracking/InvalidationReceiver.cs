using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;

namespace Proxy.Core.Requests.Tracking;

/// <summary>
/// A connection in version 3 of RESP to which a server redirects the invalidations of a <see cref="TrackedConnection"/> whose client redirects
/// them. Used on the worker's loop only.
/// </summary>
internal sealed class InvalidationReceiver : InFlight, ILeaseHolder
{
    private readonly TrackedConnection _owner;
    private LeasedConnection? _lease;

    /// <param name="owner">Whose invalidations come.</param>
    public InvalidationReceiver(TrackedConnection owner)
    {
        _owner = owner;
    }

    /// <summary>What the server calls it; 0 until it is ready.</summary>
    public long Id { get; private set; }

    private static ReadOnlySpan<byte> Ping => "*1\r\n$4\r\nPING\r\n"u8;

    /// <summary>Opens it; <see cref="TrackedConnection.OnReceiverReady"/> or <see cref="TrackedConnection.OnReceiverLost"/> follows.</summary>
    /// <returns>Null, or why there is none.</returns>
    public BackendFailure? Open(LeasePool leases)
    {
        if (leases.Take(this, out _lease) is { } failure)
        {
            return failure;
        }

        _lease!.Output.Append(Ping);
        _lease.Enqueue(this, Ping.Length);
        return null;
    }

    /// <summary>Nothing more is heard of it.</summary>
    public void Close()
    {
        var lease = _lease;
        _lease = null;
        lease?.Close();
    }

    /// <summary>It is not needed any more: it closes when what the server sent so far has come.</summary>
    public void EndAfterAll()
    {
        if (Id == 0)
        {
            Close();
        }
        else if (_lease is { } lease)
        {
            lease.Output.Append(Ping);
            lease.Enqueue(new ClosingCommand(lease), Ping.Length);
        }
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (!last || _lease is not { } lease)
        {
            return;
        }

        if (lease.ServerClientId != 0)
        {
            Id = lease.ServerClientId;
            _owner.OnReceiverReady();
        }
        else
        {
            Close();
            _owner.OnReceiverLost(this, new BackendFailure(FailureKind.HandshakeFailed, lease.Server, "the server does not answer CLIENT ID"));
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
    }

    /// <inheritdoc/>
    public void OnPush(LeasedConnection lease, ReadOnlySpan<byte> frame)
    {
        if (_lease is not null && frame.StartsWith(Invalidation.Header))
        {
            _owner.OnInvalidated(frame);
        }
    }

    /// <inheritdoc/>
    public void OnPushDropped(LeasedConnection lease)
    {
        if (_lease is not null)
        {
            _owner.OnPushDropped(lease);
        }
    }

    /// <inheritdoc/>
    public void OnLost(LeasedConnection lease, BackendFailure failure)
    {
        if (_lease is not null)
        {
            _lease = null;
            _owner.OnReceiverLost(this, failure);
        }
    }

    /// <inheritdoc/>
    public void OnRetired(LeasedConnection lease)
    {
    }
}
