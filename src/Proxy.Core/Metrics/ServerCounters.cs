namespace Proxy.Core.Metrics;

/// <summary>
/// What one worker counts for one server of one pool. Methods are events of the data path; the worker's thread alone calls them.
/// Properties may be read by any thread at any time: each is a value that was true at some moment, together they need not belong to the same moment.
/// </summary>
/// <remarks>
/// A request goes one of these ways, and each arrow is one event:
/// <code>
///   RequestQueued -> RequestsWritten -> ReplyReceived         its reply was passed on
///                 |                  -> ReplyDiscarded        its reply came, but nobody waits for it any more
///                 |                  -> RequestLost           the connection ended without a reply
///                 -> RequestDropped                           taken back before it was written
/// </code>
/// A request that is moved to another connection of the same server before it was written makes no event.
/// What the proxy asks for itself (AUTH, SELECT, health checks) is not counted, as in twemproxy.
/// </remarks>
internal sealed class ServerCounters
{
    private long _written;
    private long _writtenBytes;
    private long _dropped;
    private long _droppedBytes;
    private long _left;
    private long _leftBytes;
    private long _leasesClosed;

#pragma warning disable CS0169, IDE0051 // Only takes up room.
    private readonly CacheLinePadding _padding;
#pragma warning restore CS0169, IDE0051

    /// <summary>Connections that became ready, ever.</summary>
    public long Connects { get; private set; }

    /// <summary>Connections that did not become ready.</summary>
    public ReasonCounters<ServerConnectFailure> ConnectFailures { get; } = new();

    /// <summary>Ready connections that ended.</summary>
    public ReasonCounters<ServerCloseReason> Closes { get; } = new();

    /// <summary>Connections that are ready now.</summary>
    public long Connections => Math.Max(0, Connects - Closes.Sum());

    /// <summary>Connections that became ready for one client alone, ever.</summary>
    public long LeasesOpened { get; private set; }

    /// <summary>Connections that clients have for themselves now, and those that are kept for the next.</summary>
    public long Leases => Math.Max(0, LeasesOpened - _leasesClosed);

    /// <summary>Those of <see cref="Leases"/> that are kept for the next client.</summary>
    public long LeasesIdle { get; private set; }

    /// <summary>Requests and fragments queued for the server, ever.</summary>
    public long Requests { get; private set; }

    /// <summary>Bytes of <see cref="Requests"/>.</summary>
    public long RequestBytes { get; private set; }

    /// <summary>Replies passed on, ever.</summary>
    public long Responses { get; private set; }

    /// <summary>Bytes of <see cref="Responses"/>.</summary>
    public long ResponseBytes { get; private set; }

    /// <summary>Requests that got no reply in time, ever.</summary>
    public long Timeouts { get; private set; }

    /// <summary>How often a worker's subscriptions were renewed after its connection for them was lost.</summary>
    public long SubscriptionsRenewed { get; private set; }

    /// <summary>Replies passed on that are errors, by their first word.</summary>
    public ReasonCounters<ServerErrorPrefix> ErrorReplies { get; } = new();

    /// <summary>Requests that wait to be written: twemproxy's <c>in_queue</c>.</summary>
    public long InQueue => Math.Max(0, Requests - _written - _dropped);

    /// <summary>Bytes of <see cref="InQueue"/>.</summary>
    public long InQueueBytes => Math.Max(0, RequestBytes - _writtenBytes - _droppedBytes);

    /// <summary>Requests that were written and await a reply: twemproxy's <c>out_queue</c>.</summary>
    public long OutQueue => Math.Max(0, _written - _left);

    /// <summary>Bytes of <see cref="OutQueue"/>: of the requests, not of the replies.</summary>
    public long OutQueueBytes => Math.Max(0, _writtenBytes - _leftBytes);

    /// <summary>From queueing a request for the server to the last byte of its reply; discarded replies are not in it.</summary>
    public LatencyHistogram RequestDuration { get; } = new();

    /// <summary>A connection is ready: connected, authenticated, database selected. It ends in one <see cref="Closed"/>.</summary>
    public void Connected() => Connects++;

    /// <summary>A connection did not become ready.</summary>
    public void ConnectFailed(ServerConnectFailure reason) => ConnectFailures.Count(reason);

    /// <summary>A connection that was ready ended.</summary>
    public void Closed(ServerCloseReason reason) => Closes.Count(reason);

    /// <summary>A connection for one client alone is ready; it counts as connected besides. It ends in one <see cref="LeaseClosed"/>.</summary>
    public void LeaseOpened() => LeasesOpened++;

    /// <summary>A connection for one client alone ended.</summary>
    public void LeaseClosed() => _leasesClosed++;

    /// <summary>Such a connection is kept for the next client, until <see cref="LeaseNoLongerKept"/>.</summary>
    public void LeaseKept() => LeasesIdle++;

    /// <summary>The next client took it, or it was closed.</summary>
    public void LeaseNoLongerKept() => LeasesIdle--;

    /// <summary>A request was queued for the server.</summary>
    /// <param name="requestBytes">Its length on the wire; the same number goes with its further events.</param>
    public void RequestQueued(long requestBytes)
    {
        Requests++;
        RequestBytes += requestBytes;
    }

    /// <summary>A queued request of which more arrives grew by so many bytes.</summary>
    public void RequestExtended(long bytes) => RequestBytes += bytes;

    /// <summary>The socket took the last bytes of queued requests.</summary>
    public void RequestsWritten(int count, long requestBytes)
    {
        _written += count;
        _writtenBytes += requestBytes;
    }

    /// <summary>A queued request was taken back before it was written whole.</summary>
    public void RequestDropped(long requestBytes)
    {
        _dropped++;
        _droppedBytes += requestBytes;
    }

    /// <summary>The whole reply to a written request came, and somebody waits for it.</summary>
    /// <param name="requestBytes">Length of the request.</param>
    /// <param name="replyBytes">Length of the reply.</param>
    /// <param name="startTicks">When the request was queued, of the clock <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
    /// <param name="nowTicks">Now, of the same clock.</param>
    public void ReplyReceived(long requestBytes, long replyBytes, long startTicks, long nowTicks)
    {
        _left++;
        _leftBytes += requestBytes;
        Responses++;
        ResponseBytes += replyBytes;
        RequestDuration.Observe(nowTicks - startTicks);
    }

    /// <summary>The whole reply to a written request came, but its request had timed out or its client is gone.</summary>
    public void ReplyDiscarded(long requestBytes)
    {
        _left++;
        _leftBytes += requestBytes;
    }

    /// <summary>A written request will get no reply: its connection ended.</summary>
    public void RequestLost(long requestBytes)
    {
        _left++;
        _leftBytes += requestBytes;
    }

    /// <summary>A request was answered with a timeout. Where it stands in the queue is another event.</summary>
    public void TimedOut() => Timeouts++;

    /// <summary>The connection for messages is there again after it was lost with subscriptions on it.</summary>
    public void RenewedSubscriptions() => SubscriptionsRenewed++;

    /// <summary>A reply that is passed on is an error.</summary>
    /// <param name="text">What follows the <c>-</c>: <c>LOADING Redis is loading …</c>. Only read.</param>
    public void ErrorReply(ReadOnlySpan<byte> text) => ErrorReplies.Count(ServerErrorPrefixes.Parse(text));

    /// <summary>Adds what another worker counted: for a snapshot that nobody else writes.</summary>
    public void Add(ServerCounters other)
    {
        Connects += other.Connects;
        LeasesOpened += other.LeasesOpened;
        LeasesIdle += other.LeasesIdle;
        _leasesClosed += other._leasesClosed;
        Requests += other.Requests;
        RequestBytes += other.RequestBytes;
        Responses += other.Responses;
        ResponseBytes += other.ResponseBytes;
        Timeouts += other.Timeouts;
        SubscriptionsRenewed += other.SubscriptionsRenewed;
        _written += other._written;
        _writtenBytes += other._writtenBytes;
        _dropped += other._dropped;
        _droppedBytes += other._droppedBytes;
        _left += other._left;
        _leftBytes += other._leftBytes;
        RequestDuration.Add(other.RequestDuration);
        Closes.Add(other.Closes);
        ConnectFailures.Add(other.ConnectFailures);
        ErrorReplies.Add(other.ErrorReplies);
    }
}
