using Proxy.Core.Metrics;

namespace Proxy.Host.Admin;

/// <summary>The metrics of servers.</summary>
internal sealed class ServerFamilies(FamilyFactory make)
{
    private readonly GaugeFamily _up = make.Gauge("server_up", "0 when the server is down or ejected, else 1; 1 also before anybody has asked for it.", "pool", "server");
    private readonly GaugeFamily _state = make.Gauge("server_state", "1 for the state that the server is in.", "pool", "server", "state");
    private readonly GaugeFamily _connections = make.Gauge("server_connections", "Connections to the server that are ready.", "pool", "server");
    private readonly GaugeFamily _leases = make.Gauge("server_leased_connections", "Connections that one client has for itself (state=\"held\"), and those that are kept for the next (state=\"idle\").", "pool", "server", "state");
    private readonly CounterFamily _leasesOpened = make.Counter("server_leased_connections_opened_total", "Connections that became ready for one client alone.", "pool", "server");
    private readonly CounterFamily _connects = make.Counter("server_connects_total", "Attempts to connect, by how they ended.", "pool", "server", "result");
    private readonly CounterFamily _failures = make.Counter("server_connection_failures_total", "Connections that did not become ready, by why.", "pool", "server", "reason");
    private readonly CounterFamily _closed = make.Counter("server_connections_closed_total", "Connections that were ready and ended, by why.", "pool", "server", "reason");
    private readonly CounterFamily _requests = make.Counter("server_requests_total", "Requests and fragments for the server.", "pool", "server");
    private readonly CounterFamily _requestBytes = make.Counter("server_request_bytes_total", "Bytes of requests for the server.", "pool", "server");
    private readonly CounterFamily _responses = make.Counter("server_responses_total", "Replies of the server that were passed on.", "pool", "server");
    private readonly CounterFamily _responseBytes = make.Counter("server_response_bytes_total", "Bytes of replies that were passed on.", "pool", "server");
    private readonly CounterFamily _errors = make.Counter("server_errors_total", "Replies that were passed on and are errors, by their first word.", "pool", "server", "prefix");
    private readonly HistogramFamily _duration = make.Histogram("server_request_duration_seconds", "From queueing a request for the server to the last byte of its reply.", "pool", "server");
    private readonly CounterFamily _timeouts = make.Counter("server_timeouts_total", "Requests that the server did not answer in time.", "pool", "server");
    private readonly CounterFamily _renewed = make.Counter("server_subscriptions_renewed_total", "How often the subscriptions at the server were made anew after their connection was lost.", "pool", "server");
    private readonly GaugeFamily _queue = make.Gauge("server_queue", "Requests that wait to be written (queue=\"in\") and that were written and await a reply (queue=\"out\").", "pool", "server", "queue");
    private readonly GaugeFamily _queueBytes = make.Gauge("server_queue_bytes", "Bytes of the requests in the queues.", "pool", "server", "queue");
    private readonly CounterFamily _ejections = make.Counter("server_ejections_total", "How often the server was taken out of the distribution.", "pool", "server");
    private readonly GaugeFamily _ejected = make.Gauge("server_ejected", "1 while the server is out of the distribution.", "pool", "server");

    /// <summary>Sets the series of one server.</summary>
    public void Set(string pool, ServerTotals server)
    {
        var counters = server.Counters;
        SetState(pool, server);
        _connections.Set(counters.Connections, pool, server.Name);
        _leases.Set(counters.Leases - counters.LeasesIdle, pool, server.Name, "held");
        _leases.Set(counters.LeasesIdle, pool, server.Name, "idle");
        _leasesOpened.Set(counters.LeasesOpened, pool, server.Name);
        _connects.Set(counters.Connects, pool, server.Name, "success");
        _connects.Set(counters.ConnectFailures.Sum(), pool, server.Name, "failure");
        SetReasons(_failures, pool, server.Name, counters.ConnectFailures);
        SetReasons(_closed, pool, server.Name, counters.Closes);
        _requests.Set(counters.Requests, pool, server.Name);
        _requestBytes.Set(counters.RequestBytes, pool, server.Name);
        _responses.Set(counters.Responses, pool, server.Name);
        _responseBytes.Set(counters.ResponseBytes, pool, server.Name);
        foreach (var prefix in Enum.GetValues<ServerErrorPrefix>())
        {
            _errors.Set(counters.ErrorReplies[prefix], pool, server.Name, ServerErrorPrefixes.Labels[(int)prefix]);
        }

        _duration.Set(counters.RequestDuration, pool, server.Name);
        _timeouts.Set(counters.Timeouts, pool, server.Name);
        _renewed.Set(counters.SubscriptionsRenewed, pool, server.Name);
        _queue.Set(counters.InQueue, pool, server.Name, "in");
        _queue.Set(counters.OutQueue, pool, server.Name, "out");
        _queueBytes.Set(counters.InQueueBytes, pool, server.Name, "in");
        _queueBytes.Set(counters.OutQueueBytes, pool, server.Name, "out");
    }

    private void SetState(string pool, ServerTotals server)
    {
        _up.Set(server.State is ServerState.Down or ServerState.Ejected ? 0 : 1, pool, server.Name);
        foreach (var state in Enum.GetValues<ServerState>())
        {
            _state.Set(server.State == state ? 1 : 0, pool, server.Name, ReasonLabels<ServerState>.Of(state));
        }

        _ejections.Set(server.Ejections, pool, server.Name);
        _ejected.Set(server.State == ServerState.Ejected ? 1 : 0, pool, server.Name);
    }

    private static void SetReasons<TReason>(CounterFamily family, string pool, string server, ReasonCounters<TReason> counts)
        where TReason : struct, Enum
    {
        foreach (var reason in Enum.GetValues<TReason>())
        {
            family.Set(counts[reason], pool, server, ReasonLabels<TReason>.Of(reason));
        }
    }
}
