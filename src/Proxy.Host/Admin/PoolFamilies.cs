using Proxy.Core.Metrics;

namespace Proxy.Host.Admin;

/// <summary>The metrics of pools: the clients' side.</summary>
internal sealed class PoolFamilies(FamilyFactory make)
{
    private const string OtherCommand = "other";

    private static readonly string[] SubscriptionKinds = ["channel", "pattern", "shard_channel"];

    private readonly GaugeFamily _connections = make.Gauge("client_connections", "Connected clients.", "pool");
    private readonly GaugeFamily _blocked = make.Gauge("blocked_clients", "Clients that wait at a server for what others do: BLPOP, XREAD BLOCK, WAIT and the like.", "pool");
    private readonly CounterFamily _accepted = make.Counter("client_connections_accepted_total", "Accepted clients.", "pool");
    private readonly CounterFamily _closed = make.Counter("client_connections_closed_total", "Accepted clients whose connection ended, by why.", "pool", "reason");
    private readonly CounterFamily _rejected = make.Counter("client_connections_rejected_total", "Clients turned away, by why.", "pool", "reason");
    private readonly CounterFamily _requests = make.Counter("client_requests_total", "Requests of clients, by command; a command appears with its first request.", "pool", "command");
    private readonly CounterFamily _errors = make.Counter("client_request_errors_total", "Requests that the proxy itself answered with an error, by why.", "pool", "reason");
    private readonly CounterFamily _received = make.Counter("client_received_bytes_total", "Bytes received from clients.", "pool");
    private readonly CounterFamily _sent = make.Counter("client_sent_bytes_total", "Bytes sent to clients.", "pool");
    private readonly GaugeFamily _buffered = make.Gauge("client_buffered_bytes", "Bytes of replies that wait for clients to take them.", "pool");
    private readonly GaugeFamily _subscriptions = make.Gauge("subscriptions", "Subscriptions of clients, by what they are to.", "pool", "kind");
    private readonly CounterFamily _messages = make.Counter("messages_delivered_total", "Messages sent to subscribed clients, each counted for each client.", "pool");
    private readonly HistogramFamily _duration = make.Histogram("request_duration_seconds", "From the first byte of a request to the last byte of its reply, as the proxy sees them.", "pool");
    private readonly GaugeFamily _inFlight = make.Gauge("requests_in_flight", "Requests received and not yet answered.", "pool");
    private readonly CounterFamily _split = make.Counter("requests_split_total", "Requests that were split over several servers.", "pool");
    private readonly CounterFamily _fragments = make.Counter("fragments_total", "Fragments that the split requests were made into.", "pool");

    /// <summary>Sets the series of one pool.</summary>
    public void Set(PoolTotals pool, IReadOnlyList<string> commandNames)
    {
        var counters = pool.Counters;
        _connections.Set(counters.ClientConnections, pool.Name);
        _blocked.Set(counters.BlockedClients, pool.Name);
        _accepted.Set(counters.ClientsAccepted, pool.Name);
        SetReasons(_closed, pool.Name, counters.ClientsClosed);
        SetReasons(_rejected, pool.Name, counters.ClientsRejected);
        SetCommands(pool, commandNames);
        SetReasons(_errors, pool.Name, counters.RequestErrors);
        _received.Set(counters.ReceivedBytes, pool.Name);
        _sent.Set(counters.SentBytes, pool.Name);
        _buffered.Set(counters.BufferedBytes, pool.Name);
        for (var kind = 0; kind < SubscriptionKinds.Length; kind++)
        {
            _subscriptions.Set(counters.Subscriptions(kind), pool.Name, SubscriptionKinds[kind]);
        }

        _messages.Set(counters.MessagesDelivered, pool.Name);
        _duration.Set(counters.RequestDuration, pool.Name);
        _inFlight.Set(counters.RequestsInFlight, pool.Name);
        _split.Set(counters.RequestsSplit, pool.Name);
        _fragments.Set(counters.Fragments, pool.Name);
    }

    // Hundreds of commands, of which an application uses a few: only those appear.
    private void SetCommands(PoolTotals pool, IReadOnlyList<string> commandNames)
    {
        _requests.Set(pool.Counters.Requests(-1), pool.Name, OtherCommand);
        for (var command = 0; command < commandNames.Count; command++)
        {
            var count = pool.Counters.Requests(command);
            if (count > 0)
            {
                _requests.Set(count, pool.Name, commandNames[command]);
            }
        }
    }

    private static void SetReasons<TReason>(CounterFamily family, string pool, ReasonCounters<TReason> counts)
        where TReason : struct, Enum
    {
        foreach (var reason in Enum.GetValues<TReason>())
        {
            family.Set(counts[reason], pool, ReasonLabels<TReason>.Of(reason));
        }
    }
}
