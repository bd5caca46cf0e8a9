using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests.Monitoring;

/// <summary>A connection on which one server is monitored. After the answer to MONITOR everything that comes is a line for the client.</summary>
internal sealed class MonitorConnection : InFlight, ILeaseHolder
{
    private readonly MonitorState _monitor;
    private readonly List<byte> _error = [];
    private LeasedConnection? _lease;
    private bool _isAnswered;

    /// <param name="monitor">Whose it is.</param>
    /// <param name="server">Where it goes.</param>
    public MonitorConnection(MonitorState monitor, Server server)
    {
        _monitor = monitor;
        Server = server;
    }

    /// <summary>Where it goes.</summary>
    public Server Server { get; }

    /// <inheritdoc/>
    public bool TakesUnasked => _isAnswered;

    private static ReadOnlySpan<byte> Monitor => "*1\r\n$7\r\nMONITOR\r\n"u8;

    /// <summary>Opens it and asks; <see cref="MonitorState.OnAnswer"/> follows.</summary>
    /// <returns>Null, or why there is none.</returns>
    public BackendFailure? Open(LeasePool leases)
    {
        if (leases.Take(this, out _lease) is { } failure)
        {
            return failure;
        }

        _lease!.Output.Append(Monitor);
        _lease.Enqueue(this, Monitor.Length);
        return null;
    }

    /// <summary>Closes it; nothing more is heard of it.</summary>
    public void Close()
    {
        var lease = _lease;
        _lease = null;
        lease?.Close();
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (kind == (byte)'-')
        {
            _error.AddRange(bytes);
        }

        if (last && _lease is not null)
        {
            _isAnswered = true;
            if (kind == (byte)'-')
            {
                _monitor.OnGone(this);
                Close();
            }

            _monitor.OnAnswer(kind == (byte)'-' ? [.. _error] : null, null);
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        // The connection itself is not lost if the server wants a password: it is of no use all the same.
        if (failure.Kind == FailureKind.AuthenticationFailed && _lease is { } lease)
        {
            Close();
            OnLost(lease, failure);
        }
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
    }

    /// <inheritdoc/>
    public void OnPush(LeasedConnection lease, ReadOnlySpan<byte> frame)
    {
        if (_lease is not null)
        {
            _monitor.OnLine(frame);
        }
    }

    /// <inheritdoc/>
    public void OnLost(LeasedConnection lease, BackendFailure failure)
    {
        _lease = null;
        _monitor.OnGone(this);
        if (!_isAnswered)
        {
            _isAnswered = true;
            _monitor.OnAnswer(null, failure);
        }
    }

    /// <inheritdoc/>
    public void OnRetired(LeasedConnection lease)
    {
        Close();
        OnLost(lease, new BackendFailure(FailureKind.Lost, Server));
    }
}
