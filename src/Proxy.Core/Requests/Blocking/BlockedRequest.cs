using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Tracking;

namespace Proxy.Core.Requests.Blocking;

/// <summary>
/// A request that waits at a server for what others do, over a lease. Its client takes no other meanwhile. Used on the worker's loop only.
/// <code>
///   Begin ──▶ waits ──reply, also that of CLIENT UNBLOCK──▶ lease given back, client goes on
///               └──── the client is gone ──▶ lease closed: nothing is popped for it from now on
/// </code>
/// </summary>
internal sealed class BlockedRequest : PendingInFlight, ILeaseHolder, IBlockedCommand
{
    /// <summary>How soon a wait is ended that the server did not know of yet when it was asked to.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>How often it is tried when the wait has to end: at least two seconds.</summary>
    private const int MaxEndings = 100;

    /// <summary>How often the server is asked before it is believed that nothing waits there.</summary>
    private const int Patience = 10;

    private readonly ClientSession _client;
    private LeasedConnection? _lease;
    private bool _isAsked;
    private bool _isBorrowed;

    /// <param name="client">Whose it is.</param>
    public BlockedRequest(ClientSession client)
    {
        _client = client;
    }

    /// <summary>Sends it. The client is blocked from now on.</summary>
    /// <param name="pending">Its place in the client's order of replies.</param>
    /// <param name="lease">Its own.</param>
    /// <param name="bytes">The request; valid during the call only.</param>
    /// <param name="timeoutMs">Milliseconds that the server may take; 0: as long as it takes.</param>
    public void Begin(PendingRequest pending, LeasedConnection lease, ReadOnlySpan<byte> bytes, long timeoutMs)
    {
        Pending = pending;
        _lease = lease;
        _client.Hold();
        _client.Blocked = this;
        lease.Output.Append(bytes);
        lease.EnqueueBlocking(this, bytes.Length, timeoutMs);
    }

    /// <summary>Sends it over the connection that the client has to the server anyway, and keeps.</summary>
    /// <inheritdoc cref="Begin(PendingRequest, LeasedConnection, ReadOnlySpan{byte}, long)"/>
    public void Begin(PendingRequest pending, TrackedConnection connection, ReadOnlySpan<byte> bytes, long timeoutMs)
    {
        Pending = pending;
        _lease = connection.Lease;
        _isBorrowed = true;
        _client.Hold();
        _client.Blocked = this;
        connection.Output.Append(bytes);
        connection.EnqueueBlocking(this, bytes.Length, timeoutMs);
    }

    /// <inheritdoc/>
    public void LetGo() => _lease?.Close();

    /// <summary>
    /// Has the server end the wait (CLIENT UNBLOCK): the reply comes from there. It is never made up here, or what was popped at the same
    /// moment would be lost.
    /// </summary>
    /// <inheritdoc/>
    public void Unblock(bool withError, Action<bool> done) => Ask(withError, done, Patience);

    /// <summary>
    /// If the server does not know of the wait yet, it is ended as soon as it does. A server that does not do it, whatever the reason, loses the
    /// connection in the end.
    /// </summary>
    /// <inheritdoc/>
    public void EndWait() => Ask(
        withError: false,
        ended =>
        {
            if (!ended && _lease is { } lease)
            {
                lease.Lose(ServerCloseReason.Timeout, new BackendFailure(FailureKind.Lost, lease.Server));
            }
        },
        MaxEndings);

    private void Ask(bool withError, Action<bool> done, int times)
    {
        if (_lease is not { } lease)
        {
            done(false);
        }
        else if (lease.State is LeaseState.Waiting or LeaseState.Opening)
        {
            _client.Worker.Loop.Schedule(() => Ask(withError, done, times), AskAgain);
        }
        else
        {
            _isAsked = true;
            UnblockRequest.Send(lease, withError, ended => OnAsked(ended, withError, done, times));
        }
    }

    private void OnAsked(bool ended, bool withError, Action<bool> done, int times)
    {
        // A server that knows of no wait has not read the request yet, or its reply is under way.
        if (ended || times == 1 || _lease is null)
        {
            done(ended);
        }
        else
        {
            _client.Worker.Loop.Schedule(() => Ask(withError, done, times - 1), AskAgain);
        }
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        if (_lease is { } lease)
        {
            // Before the client goes on: its next blocking command may take the same lease.
            _lease = null;
            if (_isAsked && !_isBorrowed)
            {
                // A second CLIENT UNBLOCK may be under way: it must not find another's wait there.
                lease.Close();
            }
            else if (!_isBorrowed)
            {
                lease.GiveBack();
            }

            _client.Blocked = null;
            _client.Release();
        }
    }

    /// <inheritdoc/>
    public void OnPush(LeasedConnection lease, ReadOnlySpan<byte> frame)
    {
    }

    /// <inheritdoc/>
    public void OnLost(LeasedConnection lease, BackendFailure failure)
    {
    }

    /// <inheritdoc/>
    public void OnRetired(LeasedConnection lease)
    {
        if (ReferenceEquals(lease, _lease))
        {
            EndWait();
        }
    }
}
