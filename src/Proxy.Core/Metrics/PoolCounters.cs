namespace Proxy.Core.Metrics;

/// <summary>
/// What one worker counts for one pool. Methods are events of the data path; the worker's thread alone calls them.
/// Properties may be read by any thread at any time: each is a value that was true at some moment, together they need not belong to the same moment.
/// </summary>
/// <remarks>
/// Plain fields, no interlocked operation and no lookup: a counter that workers share costs more than routing a request does.
/// All events of a plain request, here and in <see cref="ServerCounters"/>, both histograms included, took 16 ns together on a small virtual machine.
/// Gauges are differences of counters.
/// </remarks>
internal sealed class PoolCounters
{
    private readonly long[] _commands;
    private long _requestsDone;
    private long _requestsAbandoned;
    private readonly long[] _subscriptions = new long[SubscriptionKinds + CacheLinePadding.Length];

#pragma warning disable CS0169, IDE0051 // Only takes up room.
    private readonly CacheLinePadding _padding;
#pragma warning restore CS0169, IDE0051

    /// <summary>Channels, patterns and shard channels, in this order.</summary>
    public const int SubscriptionKinds = 3;

    /// <summary>Starts at zero.</summary>
    /// <param name="commandCount">Number of rows of the command table: indexes from 0 to one less may be passed to <see cref="RequestReceived"/>.</param>
    public PoolCounters(int commandCount) => _commands = new long[1 + commandCount + CacheLinePadding.Length];

    /// <summary>Clients accepted ever.</summary>
    public long ClientsAccepted { get; private set; }

    /// <summary>Accepted clients whose connection ended.</summary>
    public ReasonCounters<ClientCloseReason> ClientsClosed { get; } = new();

    /// <summary>Clients turned away.</summary>
    public ReasonCounters<ClientRejectReason> ClientsRejected { get; } = new();

    /// <summary>Clients connected now.</summary>
    public long ClientConnections => Math.Max(0, ClientsAccepted - ClientsClosed.Sum());

    /// <summary>Requests received ever.</summary>
    public long RequestsReceived { get; private set; }

    /// <summary>Requests received and neither answered nor abandoned.</summary>
    public long RequestsInFlight => Math.Max(0, RequestsReceived - _requestsDone - _requestsAbandoned);

    /// <summary>Requests that were split.</summary>
    public long RequestsSplit { get; private set; }

    /// <summary>Fragments that the split requests were made into.</summary>
    public long Fragments { get; private set; }

    /// <summary>Bytes received from clients.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Bytes sent to clients.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Bytes of replies that wait for clients to take them.</summary>
    public long BufferedBytes { get; private set; }

    /// <summary>Messages of Pub/Sub sent to clients, each counted for each client.</summary>
    public long MessagesDelivered { get; private set; }

    /// <summary>Clients that wait at a server for what others do (BLPOP, WAIT …).</summary>
    public long BlockedClients { get; private set; }

    /// <summary>From the first byte of a request to the last byte of its reply.</summary>
    public LatencyHistogram RequestDuration { get; } = new();

    /// <summary>Number of rows of the command table that these counters were made for.</summary>
    public int CommandCount => _commands.Length - 1 - CacheLinePadding.Length;

    /// <summary>Requests that the proxy answered with an error.</summary>
    public ReasonCounters<RequestErrorReason> RequestErrors { get; } = new();

    /// <summary>Requests that failed for want of a server: twemproxy's <c>forward_error</c>.</summary>
    public long ForwardErrors => RequestErrors.SumFrom(RequestErrorReason.NoServer);

    /// <summary>A client was accepted. It ends in one <see cref="ClientClosed"/>.</summary>
    public void ClientAccepted() => ClientsAccepted++;

    /// <summary>The connection of an accepted client ended.</summary>
    public void ClientClosed(ClientCloseReason reason) => ClientsClosed.Count(reason);

    /// <summary>A client was turned away; it never counts as accepted.</summary>
    public void ClientRejected(ClientRejectReason reason) => ClientsRejected.Count(reason);

    /// <summary>A whole request was read. It ends in one <see cref="RequestDone"/> or one <see cref="RequestAbandoned"/>.</summary>
    /// <param name="commandIndex">Its command's row in the command table, or -1 for a command that is not in the table, whether servers know it or not.</param>
    public void RequestReceived(int commandIndex)
    {
        RequestsReceived++;
        _commands[commandIndex + 1]++;
    }

    /// <summary>The reply to a request was put into the client's out-buffer, whoever made the reply.</summary>
    /// <param name="startTicks">When its first byte was parsed, of the clock <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
    /// <param name="nowTicks">Now, of the same clock; one reading for a whole turn of the loop is exact enough.</param>
    public void RequestDone(long startTicks, long nowTicks)
    {
        _requestsDone++;
        RequestDuration.Observe(nowTicks - startTicks);
    }

    /// <summary>A request's client is gone, nobody waits for the reply any more.</summary>
    public void RequestAbandoned() => _requestsAbandoned++;

    /// <summary>A request is answered with an error that the proxy made. The request is done besides.</summary>
    public void RequestFailed(RequestErrorReason reason) => RequestErrors.Count(reason);

    /// <summary>A request was cut into fragments for several servers.</summary>
    public void RequestSplit(int fragments)
    {
        RequestsSplit++;
        Fragments += fragments;
    }

    /// <summary>Bytes came from a client.</summary>
    public void BytesReceived(long bytes) => ReceivedBytes += bytes;

    /// <summary>The socket of a client took bytes.</summary>
    public void BytesSent(long bytes) => SentBytes += bytes;

    /// <summary>The bytes that wait for a client to take them became more or (negative) fewer.</summary>
    public void BytesBuffered(long change) => BufferedBytes += change;

    /// <summary>Clients subscribed, or (negative) unsubscribed.</summary>
    /// <param name="kind">0 channels, 1 patterns, 2 shard channels.</param>
    /// <param name="change">How many subscriptions there are more.</param>
    public void SubscriptionsChanged(int kind, int change) => _subscriptions[kind] += change;

    /// <summary>A message was put into the out-buffers of that many clients.</summary>
    public void MessageDelivered(int clients) => MessagesDelivered += clients;

    /// <summary>Subscriptions of clients now.</summary>
    /// <param name="kind">0 channels, 1 patterns, 2 shard channels.</param>
    public long Subscriptions(int kind) => _subscriptions[kind];

    /// <summary>A client waits at a server for what others do, until <see cref="ClientUnblocked"/>.</summary>
    public void ClientBlocked() => BlockedClients++;

    /// <summary>A client that waited goes on, or is gone.</summary>
    public void ClientUnblocked() => BlockedClients--;

    /// <summary>Requests of a command, by its row in the command table; -1: those of no known command.</summary>
    public long Requests(int commandIndex) => _commands[commandIndex + 1];

    /// <summary>Adds what another worker counted: for a snapshot that nobody else writes.</summary>
    public void Add(PoolCounters other)
    {
        ClientsAccepted += other.ClientsAccepted;
        RequestsReceived += other.RequestsReceived;
        RequestsSplit += other.RequestsSplit;
        Fragments += other.Fragments;
        ReceivedBytes += other.ReceivedBytes;
        SentBytes += other.SentBytes;
        BufferedBytes += other.BufferedBytes;
        MessagesDelivered += other.MessagesDelivered;
        BlockedClients += other.BlockedClients;
        _requestsDone += other._requestsDone;
        _requestsAbandoned += other._requestsAbandoned;
        RequestDuration.Add(other.RequestDuration);
        ClientsClosed.Add(other.ClientsClosed);
        ClientsRejected.Add(other.ClientsRejected);
        RequestErrors.Add(other.RequestErrors);
        for (var i = 0; i < SubscriptionKinds; i++)
        {
            _subscriptions[i] += other._subscriptions[i];
        }

        for (var i = 0; i < _commands.Length; i++)
        {
            _commands[i] += other._commands[i];
        }
    }
}
