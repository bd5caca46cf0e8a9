using System.Text;
using Microsoft.Extensions.Logging;
using Proxy.Core.Backends;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// One worker's subscriptions at one server, all over one connection, which is opened again as long as there are any.
/// <code>
///   Closed ──a route──▶ Opening ──────▶ Ready: every route that is wanted is subscribed
///      ▲                   │ failed       │ lost: at once Opening again, the first time
///      │ no route          ▼              ▼
///      └───────────────── Down ──backoff──▶ Ready
/// </code>
/// While it is Down a SUBSCRIBE fails at once; those who are subscribed stay so, and hear nothing until it is Ready again.
/// </summary>
internal sealed partial class HubLink : IMessageReceiver
{
    /// <summary>Milliseconds of silence after which a server is asked for a sign of life: less than the minutes after which networks forget connections.</summary>
    private const int ProbeMs = 15_000;

    /// <summary>Milliseconds that a connection without a subscription is kept: longer than a client takes to come back.</summary>
    private const int LingerMs = 10_000;

    private readonly SubscriptionHub _hub;
    private readonly Worker _worker;
    private readonly HashSet<HubRoute> _routes = [];
    private readonly Queue<AwaitedAnswer> _awaited = [];
    private readonly ReconnectBackoff _backoff = new();
    private MessageConnection? _connection;
    private BackendFailure? _lastFailure;
    private bool _isDown;
    private bool _isInterrupted;
    private int _respVersion;
    private long _heardMs;
    private long _usedMs;

    /// <param name="hub">Whose it is.</param>
    /// <param name="worker">Its worker.</param>
    /// <param name="server">Where it goes.</param>
    public HubLink(SubscriptionHub hub, Worker worker, Server server)
    {
        _hub = hub;
        _worker = worker;
        _usedMs = worker.NowMs;
        Server = server;
    }

    /// <summary>Where it goes.</summary>
    public Server Server { get; }

    /// <summary>True while commands are sent as they come.</summary>
    public bool IsReady { get; private set; }

    /// <summary>True while it can be published over it: in version 2 of RESP a connection with subscriptions takes nothing else.</summary>
    public bool MayPublish => IsReady && _respVersion >= 3;

    /// <summary>Opens the connection where there is none.</summary>
    /// <returns>Null, or why there is none for now.</returns>
    public BackendFailure? Ensure()
    {
        if (_isDown)
        {
            return _lastFailure;
        }

        if (_connection is null)
        {
            Open(respVersion: 3);
        }

        return null;
    }

    /// <summary>Subscribes, now or as soon as there is a connection.</summary>
    public void Subscribe(HubRoute route)
    {
        _routes.Add(route);
        if (!route.IsWanted || (IsReady && !route.IsConfirmed && route.Outstanding == 0))
        {
            route.IsWanted = true;
            if (IsReady)
            {
                Send(route);
            }
        }
    }

    /// <summary>Unsubscribes. The route is dropped once the server has nothing of it.</summary>
    public void Unsubscribe(HubRoute route)
    {
        if (!route.IsWanted)
        {
            return;
        }

        route.IsWanted = false;
        if (IsReady && (route.IsConfirmed || route.Outstanding > 0))
        {
            Send(route);
        }
        else
        {
            Drop(route);
        }
    }

    /// <summary>Publishes for a client that is subscribed here itself: it hears its message before the reply.</summary>
    public void Publish(ReadOnlySpan<byte> frame, PublishRequest request)
    {
        _connection!.Output.Append(frame);
        Sent(new AwaitedAnswer(null, false, request, _worker.NowMs));
    }

    /// <summary>Called every second: gives up a server that does not answer, and a connection that nobody needs.</summary>
    /// <returns>False if it is of no use any more.</returns>
    public bool Sweep(long nowMs)
    {
        if (_routes.Count > 0)
        {
            _usedMs = nowMs;
        }

        if (!IsReady)
        {
            return _connection is not null || _isDown || _routes.Count > 0;
        }

        if (_awaited.TryPeek(out var oldest))
        {
            if (nowMs - oldest.SinceMs > (oldest.Publish is null ? _hub.Patience : _hub.PublishPatience))
            {
                _connection!.GiveUp();
            }
        }
        else if (nowMs - _usedMs > LingerMs)
        {
            Close();
            return false;
        }
        else if (nowMs - _heardMs > ProbeMs)
        {
            WriteCommand("PING"u8);
            Sent(new AwaitedAnswer(null, false, null, nowMs));
        }

        return true;
    }

    /// <inheritdoc/>
    public void OnReady()
    {
        IsReady = true;
        _isDown = false;
        _heardMs = _worker.NowMs;
        foreach (var route in _routes)
        {
            Send(route);
        }

        if (_isInterrupted)
        {
            _isInterrupted = false;
            Server.Counters[_worker.Index].RenewedSubscriptions();
            Log.Renewed(_worker.Log, _hub.Model.Name, Server.Name, Server.Model.Address.Text, _routes.Count);
        }
    }

    /// <inheritdoc/>
    public string? OnMessage(ReadOnlySpan<byte> message)
    {
        _heardMs = _worker.NowMs;
        _backoff.Reset();
        if (message[0] is not ((byte)'>' or (byte)'*'))
        {
            return OnReply(message);
        }

        // >3\r\n$7\r\nmessage\r\n$7\r\nchannel\r\n$…
        var reader = new ReplyReader(message[(message.IndexOf((byte)'\n') + 1)..]);
        if (!reader.TryReadText(out var word))
        {
            return "a push without a name";
        }

        switch (word)
        {
            case [(byte)'m', ..] when word.SequenceEqual("message"u8) && reader.TryReadText(out var channel):
                _hub.Deliver(ChannelKind.Channel, channel, message);
                return null;
            case [(byte)'p', (byte)'m', ..] when word.SequenceEqual("pmessage"u8) && reader.TryReadText(out var pattern):
                _hub.Deliver(ChannelKind.Pattern, pattern, message);
                return null;
            case [(byte)'s', (byte)'m', ..] when word.SequenceEqual("smessage"u8) && reader.TryReadText(out var shard):
                _hub.Deliver(ChannelKind.Shard, shard, message);
                return null;
            default:
                if (word.SequenceEqual("pong"u8))
                {
                    return OnReply(message);
                }

                return word.EndsWith("subscribe"u8) && reader.TryReadText(out var name) ? OnConfirmed(word, name) : null;
        }
    }

    /// <inheritdoc/>
    public void OnLost(BackendFailure failure)
    {
        var wasReady = IsReady;
        _connection = null;
        IsReady = false;
        if (failure.Kind == FailureKind.HandshakeFailed && _respVersion == 3)
        {
            // A server before Redis 6: in version 2 it sends the same as arrays.
            Open(respVersion: 2);
            return;
        }

        if (wasReady && _routes.Count > 0)
        {
            _isInterrupted = true;
            Log.Interrupted(_worker.Log, _hub.Model.Name, Server.Name, Server.Model.Address.Text, _routes.Count, failure.ToString());
        }

        // The state comes first: who goes on because of the failure must not wait for this connection again.
        var again = wasReady && _backoff.IsFresh && _routes.Count > 0;
        var wait = _backoff.Next(_hub.Model.ReconnectBackoff);
        _lastFailure = failure;
        _isDown = !again;
        Forget(failure);
        if (again)
        {
            // Whoever went on may have opened it already.
            if (_routes.Count > 0 && _connection is null)
            {
                Open(respVersion: 3);
            }
        }
        else
        {
            _worker.Loop.Schedule(Retry, wait);
        }
    }

    private void Open(int respVersion)
    {
        _respVersion = respVersion;
        _connection = new MessageConnection(_hub.TargetOf(Server, respVersion), _worker, this);
        _connection.Open();
    }

    private void Retry()
    {
        if (!_isDown || _connection is not null || _worker.Loop.IsShuttingDown)
        {
            return;
        }

        if (_routes.Count == 0)
        {
            _isDown = false;
        }
        else
        {
            // It stays Down: until this attempt has succeeded a SUBSCRIBE fails at once.
            Open(respVersion: 3);
        }
    }

    private void Close()
    {
        IsReady = false;
        _connection?.Close();
        _connection = null;
    }

    /// <summary>The server knows nothing of us any more.</summary>
    private void Forget(BackendFailure failure)
    {
        var awaited = _awaited.ToArray();
        _awaited.Clear();
        var routes = _routes.ToArray();
        foreach (var route in routes)
        {
            route.Outstanding = 0;
            SetConfirmed(route, false);
            if (!route.IsWanted)
            {
                Drop(route);
            }
        }

        foreach (var route in routes)
        {
            foreach (var request in route.TakeWaiting())
            {
                request.Fail(failure);
            }
        }

        foreach (var answer in awaited)
        {
            answer.Publish?.OnFailure(failure);
            answer.Publish?.Recycle();
        }
    }

    private void Send(HubRoute route)
    {
        WriteCommand(Confirmation.Word(route.IsWanted, route.Channel.Kind), route.Channel.Name);
        route.Outstanding++;
        Sent(new AwaitedAnswer(route, route.IsWanted, null, _worker.NowMs));
    }

    private void Sent(AwaitedAnswer answer)
    {
        _awaited.Enqueue(answer);
        _connection!.MarkDirty();
    }

    private void WriteCommand(ReadOnlySpan<byte> command)
    {
        RespWriter.ArrayHeader(_connection!.Output, 1);
        RespWriter.Bulk(_connection.Output, command);
    }

    private void WriteCommand(ReadOnlySpan<byte> command, byte[] name)
    {
        RespWriter.ArrayHeader(_connection!.Output, 2);
        RespWriter.Bulk(_connection.Output, command);
        RespWriter.Bulk(_connection.Output, name);
    }

    private string? OnConfirmed(ReadOnlySpan<byte> word, ReadOnlySpan<byte> name)
    {
        if (!_awaited.TryDequeue(out var answer)
            || answer.Route is not { } route
            || !name.SequenceEqual(route.Channel.Name)
            || !word.SequenceEqual(Confirmation.Word(answer.IsSubscribe, route.Channel.Kind)))
        {
            return "a confirmation that nobody asked for";
        }

        route.Outstanding--;
        SetConfirmed(route, answer.IsSubscribe);
        if (route.IsReady)
        {
            foreach (var request in route.TakeWaiting())
            {
                request.OnConfirmed();
            }

            _hub.DropFormerHomes(route.Channel);
        }
        else if (!route.IsWanted && route.Outstanding == 0)
        {
            Drop(route);
        }

        return null;
    }

    private string? OnReply(ReadOnlySpan<byte> reply)
    {
        if (!_awaited.TryDequeue(out var answer))
        {
            return "a reply that nobody asked for";
        }

        if (answer.Publish is { } publish)
        {
            if (reply.StartsWith("-NOAUTH"u8))
            {
                // It is the proxy that has to log in there, not the client.
                publish.OnFailure(new BackendFailure(FailureKind.AuthenticationFailed, Server, Encoding.UTF8.GetString(reply[1..]).TrimEnd()));
            }
            else
            {
                publish.OnReply(reply, reply[0], last: true);
            }

            publish.Recycle();
        }
        else if (answer.Route is { } route)
        {
            if (reply[0] != '-')
            {
                return "no confirmation";
            }

            OnRefused(route, reply);
        }

        return null;
    }

    /// <summary>The server's rules forbid it. Who is subscribed already hears nothing until the next connection tries again.</summary>
    private void OnRefused(HubRoute route, ReadOnlySpan<byte> error)
    {
        route.Outstanding--;
        Server.Counters[_worker.Index].ErrorReply(error[1..]);
        if (!route.IsWanted && route.Outstanding == 0)
        {
            Drop(route);
        }

        foreach (var request in route.TakeWaiting())
        {
            request.Refuse(Server, error);
        }
    }

    private void SetConfirmed(HubRoute route, bool isConfirmed)
    {
        if (route.IsConfirmed != isConfirmed)
        {
            route.IsConfirmed = isConfirmed;
            var channel = route.Channel;
            var change = isConfirmed ? 1 : -1;
            _hub.Counts.Change(channel.Kind, channel.Name, Server, change, change * channel.Subscribers);
        }
    }

    private void Drop(HubRoute route)
    {
        // It still is after an UNSUBSCRIBE that was refused.
        SetConfirmed(route, false);
        _routes.Remove(route);
        route.Channel.Routes.Remove(route);
        _hub.DropIfUnused(route.Channel);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "subscriptions interrupted: pool {Pool}, server {Server} at {Address}, {Count} of a thread: {Reason}")]
        public static partial void Interrupted(ILogger log, string pool, string server, string address, int count, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "subscriptions renewed: pool {Pool}, server {Server} at {Address}, {Count} of a thread")]
        public static partial void Renewed(ILogger log, string pool, string server, string address, int count);
    }
}
