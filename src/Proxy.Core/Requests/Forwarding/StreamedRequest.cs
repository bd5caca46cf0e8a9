using Proxy.Core.Backends;

namespace Proxy.Core.Requests.Forwarding;

/// <summary>
/// A request that goes out while it still arrives, over a connection of its own: a client that stalls in its middle holds up nobody, and
/// memory does not grow with it.
/// <code>
///   Append … Append ▶ Complete ▶ reply ▶ over
///          └──────── the server or the client is gone ▶ over: the rest of the request is taken and dropped
/// </code>
/// Its client takes no other request before it is over, so that its requests run in order.
/// </summary>
internal sealed class StreamedRequest : PendingInFlight
{
    private readonly DedicatedConnections? _home;
    private readonly BackendConnection? _connection;
    private readonly ClientSession? _client;
    private bool _isWhole;

    private StreamedRequest()
    {
    }

    /// <param name="client">Who sends it; is held until it is over.</param>
    /// <param name="pending">Its place in the client's order of replies, entered.</param>
    /// <param name="home">Where <paramref name="connection"/> is given back.</param>
    /// <param name="connection">Its way to the server, which accepts it.</param>
    public StreamedRequest(ClientSession client, PendingRequest pending, DedicatedConnections home, BackendConnection connection)
    {
        Pending = pending;
        _home = home;
        _connection = connection;
        _client = client;
        HoldClient();
        connection.Enqueue(this, 0);
        DeadlineMs = long.MaxValue;
    }

    /// <summary>A request that is over before it began: it has its reply, and its bytes go nowhere.</summary>
    public static StreamedRequest Over { get; } = new();

    /// <inheritdoc/>
    public override bool IsArriving => !_isWhole;

    /// <summary>Passes on the next bytes, which were found to be right.</summary>
    /// <param name="bytes">Valid during the call only.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Pending is null)
        {
            return;
        }

        _connection!.Extend(this, bytes);
        if (_connection.IsCongested)
        {
            _client!.WaitFor(_connection);
        }
    }

    /// <summary>The last bytes were passed on: from now on the server owes the answer.</summary>
    public void Complete()
    {
        if (Pending is not null)
        {
            _isWhole = true;
            _connection!.StartDeadline(this);
        }
    }

    /// <summary>It will never be whole. What the server has of it is dropped there when the connection closes; there is no reply.</summary>
    public void BreakOff()
    {
        if (TakePending() is { } pending)
        {
            _connection!.Abort();
            pending.Finish();
            ReleaseHold();
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        if (TakePending() is { } pending)
        {
            // A late reply has nobody to go to, nor what the server has not taken yet: neither is waited for.
            _connection!.Abort();
            pending.Fail(failure);
            ReleaseHold();
        }
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        if (!_isWhole)
        {
            // The server answered, or failed, before it had everything: it would take the next request for the rest of this one.
            _connection!.Abort();
        }

        _home!.GiveBack(_connection!);
        ReleaseHold();
    }
}
