using System.Globalization;
using System.Text;
using Proxy.Core.Backends;
using Proxy.Core.Backends.Leases;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Blocking;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests.Tracking;

/// <summary>
/// A tracking client's own connection to one server, over which all its requests to that server go, as they would without a proxy. It is
/// opened again when it is lost; what the server knew of the client's keys is lost then, which the client is told.
/// <code>
///   CLIENT TRACKING ON … · requests ──▶ server
///   client ◀── replies and invalidations, as the server sent them
/// </code>
/// Used on the worker's loop only.
/// </summary>
/// <remarks>
/// What is redirected, always so in version 2 of RESP, comes over another connection: an <see cref="InvalidationReceiver"/>.
/// Every request of the connection has an entry in <see cref="_places"/>, so that it is known behind which reply a push belongs, also if
/// that reply waits for the reply of another server.
/// </remarks>
internal sealed class TrackedConnection : IServerLink, ILeaseHolder
{
    private readonly TrackingState _tracking;
    private readonly ClientSession _client;
    private readonly Queue<long> _places = [];
    private LeasedConnection? _lease;
    private InvalidationReceiver? _receiver;
    private long _answered;
    private long _last;
    private int _database;
    private int _respVersion;

    // What the server is told with the next CLIENT TRACKING ON if it knows the rest.
    private TrackingOptions? _added;
    private bool _isSent;

    // The present connection was told at some time, so that the server knows prefixes and the redirect.
    private bool _isKnown;
    private long _redirect;
    private bool _isAwaited;
    private bool _isUsed;
    private bool _hasMissed;

    /// <param name="tracking">Whose it is.</param>
    /// <param name="client">Whose requests go over it.</param>
    /// <param name="server">Where it goes.</param>
    public TrackedConnection(TrackingState tracking, ClientSession client, Server server)
    {
        _tracking = tracking;
        _client = client;
        Server = server;
    }

    /// <inheritdoc/>
    public Server Server { get; }

    /// <summary>The connection; null while there is none.</summary>
    public LeasedConnection? Lease => _lease;

    /// <summary>True while the server sends invalidations.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>True while it is being asked to, or the connection for invalidations is being opened.</summary>
    public bool IsRegistering => _isSent || _receiver is not null;

    /// <inheritdoc/>
    public OutBuffer Output => _lease!.Output;

    /// <inheritdoc/>
    public bool IsCongested => _lease is { IsCongested: true };

    /// <inheritdoc/>
    public LoadedScripts Scripts => _lease!.Scripts;

    /// <summary>Place of the youngest request that the server answered.</summary>
    private long Answered
    {
        get
        {
            var outstanding = _lease?.Count ?? 0;
            while (_places.Count > outstanding)
            {
                _answered = Math.Max(_answered, _places.Dequeue());
            }

            return _answered;
        }
    }

    /// <summary>Has the server send invalidations; opens the connection where there is none.</summary>
    /// <param name="added">What is asked for now, of which the server may know the rest.</param>
    /// <param name="isAwaited">Whether <see cref="TrackingState.OnRegistered"/> is called in the end, once.</param>
    /// <returns>Null, or why the server cannot be asked. Then nothing more is heard of it.</returns>
    public BackendFailure? Register(TrackingOptions added, bool isAwaited)
    {
        if (Open() is { } failure)
        {
            return failure;
        }

        _isAwaited = isAwaited;
        _added = added;
        if (!_tracking.NeedsReceiver)
        {
            SendOn(redirect: 0);
        }
        else if (_receiver is { Id: not 0 } receiver)
        {
            SendOn(receiver.Id);
        }
        else if (_receiver is null)
        {
            _receiver = new InvalidationReceiver(this);
            if (OpenReceiver(_receiver) is { } refused)
            {
                _receiver = null;
                _isAwaited = false;
                return refused;
            }
        }

        return null;
    }

    /// <summary>Prepares it for a request of the client: in its database, and tracked as it said.</summary>
    /// <returns>Null, or why there is no connection.</returns>
    public BackendFailure? Prepare()
    {
        if (_lease is null)
        {
            // Without the connection for invalidations it goes on all the same.
            if (Register(_tracking.Options, isAwaited: false) is { } failure && _lease is null)
            {
                return failure;
            }
        }
        else if (_lease.Failure is { } ended)
        {
            // What was sent before is just being failed.
            return ended;
        }

        _hasMissed |= !_isSent;
        if (_database != _client.Database)
        {
            _database = _client.Database;
            Say(FailureKind.SelectFailed, "SELECT", _database.ToString(CultureInfo.InvariantCulture));
        }

        // Before it is told to track, a server with a redirect refuses that: then what it does not track counts as missed.
        if (_tracking.IsCachingGiven && _isSent)
        {
            Say(FailureKind.HandshakeFailed, "CLIENT", "CACHING", _tracking.Options.IsOptIn ? "YES" : "NO");
        }

        return null;
    }

    /// <summary>The client speaks another version of RESP from now on. Nothing of it is under way.</summary>
    public void ChangeProtocol()
    {
        if (_lease is null || _respVersion == _client.RespVersion)
        {
            return;
        }

        _respVersion = _client.RespVersion;
        Say(FailureKind.HandshakeFailed, "HELLO", _respVersion.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public void Enqueue(InFlight request, long length)
    {
        EnterRequest();
        _lease!.Enqueue(request, length);
    }

    /// <inheritdoc cref="LeasedConnection.EnqueueBlocking"/>
    public void EnqueueBlocking(InFlight request, long length, long timeoutMs)
    {
        EnterRequest();
        _lease!.EnqueueBlocking(request, length, timeoutMs);
    }

    /// <inheritdoc/>
    public void WhenDrained(IDrainWaiter waiter) => _lease!.WhenDrained(waiter);

    /// <inheritdoc/>
    public void Resume() => _lease?.Resume();

    /// <summary>The client is done with it: what is outstanding is still done, then it closes.</summary>
    public void End()
    {
        _receiver?.Close();
        _receiver = null;
        var lease = _lease;
        _lease = null;
        if (lease is not null)
        {
            // Whether what is watched on it changes is not known from now on.
            _client.Watch?.OnLost(lease, new BackendFailure(FailureKind.Lost, Server));
        }

        if (lease is { Count: > 0, State: not LeaseState.Closed })
        {
            var length = TrackingWords.Append(lease.Output, "CLIENT", "TRACKING", "OFF");
            lease.Enqueue(new ClosingCommand(lease), length);
        }
        else
        {
            lease?.Close();
        }
    }

    /// <inheritdoc/>
    public void OnPush(LeasedConnection lease, ReadOnlySpan<byte> frame)
    {
        // After the end nobody is interested.
        if (ReferenceEquals(lease, _lease) && frame.StartsWith(Invalidation.Header))
        {
            _tracking.DeliverFrom(Server, Answered, frame);
        }
    }

    /// <inheritdoc/>
    public void OnPushDropped(LeasedConnection lease) => _tracking.InvalidateAll(Answered);

    /// <inheritdoc/>
    public void OnLost(LeasedConnection lease, BackendFailure failure)
    {
        if (!ReferenceEquals(lease, _lease))
        {
            return;
        }

        // What was outstanding has failed, or is about to: that comes first.
        _places.Clear();
        _answered = _last;
        _lease = null;
        _receiver?.Close();
        _receiver = null;
        _client.Watch?.OnLost(lease, failure);
        var wasRegistered = IsRegistered;
        IsRegistered = false;
        _isSent = false;
        if (wasRegistered || (_hasMissed && _isUsed))
        {
            _tracking.InvalidateAll(_answered);
        }

        // Of prefixes it has to be told as well what happens until the connection is there again.
        _hasMissed = _tracking.Options.IsBroadcast;
        Report(null, failure);
        _tracking.OnConnectionLost(this, wasRegistered);
    }

    /// <inheritdoc/>
    public void OnRetired(LeasedConnection lease) => (_client.Blocked as BlockedRequest)?.OnRetired(lease);

    /// <summary>The connection for invalidations is there.</summary>
    public void OnReceiverReady() => SendOn(_receiver!.Id);

    /// <summary>The connection for invalidations is lost, or there is none.</summary>
    public void OnReceiverLost(InvalidationReceiver receiver, BackendFailure failure)
    {
        if (ReferenceEquals(receiver, _receiver))
        {
            LoseReceiver(failure);
        }
        else
        {
            // It is no longer needed, but what it was still to bring is lost.
            _tracking.InvalidateAll(Answered);
        }
    }

    /// <summary>Keys came over the connection for invalidations.</summary>
    public void OnInvalidated(ReadOnlySpan<byte> frame) => _tracking.Deliver(Answered, frame);

    /// <summary>The server knows what it is to send.</summary>
    public void OnRegistered()
    {
        IsRegistered = true;
        if (!_tracking.NeedsReceiver)
        {
            _receiver?.EndAfterAll();
            _receiver = null;
        }

        if (_hasMissed)
        {
            _hasMissed = false;
            _tracking.InvalidateAll(Answered);
        }

        Report(null, null);
    }

    /// <summary>The server wants a password that the proxy does not have. The connection itself is not lost by that, but of no use.</summary>
    public void OnUnauthenticated(BackendFailure failure)
    {
        Report(null, failure);
        _lease?.Lose(ServerCloseReason.Protocol, failure);
    }

    /// <summary>The server refused what the proxy said: nothing that it answers on this connection can be relied upon.</summary>
    /// <param name="kind">What failed.</param>
    /// <param name="error">The server's error line.</param>
    public void OnRefused(FailureKind kind, byte[] error)
    {
        Report(error, null);
        _lease?.Lose(ServerCloseReason.Protocol, new BackendFailure(kind, Server, Encoding.UTF8.GetString(error).TrimEnd()[1..]));
    }

    /// <summary>Opens the connection where there is none.</summary>
    private BackendFailure? Open()
    {
        if (_lease is { } present)
        {
            return present.Failure;
        }

        if (_tracking.LeasesOf(Server, _client.RespVersion) is not { } leases)
        {
            return new BackendFailure(FailureKind.Lost, Server);
        }

        if (leases.Take(this, out var lease) is { } failure)
        {
            return failure;
        }

        _lease = lease;
        _isKnown = false;
        _isUsed = false;
        _places.Clear();
        _database = leases.Owner.Lane.Database;
        _respVersion = leases.Owner.Lane.RespVersion;
        return null;
    }

    private BackendFailure? OpenReceiver(InvalidationReceiver receiver) =>
        _tracking.LeasesOf(Server, respVersion: 3) is { } leases ? receiver.Open(leases) : new BackendFailure(FailureKind.Lost, Server);

    private void LoseReceiver(BackendFailure failure)
    {
        _receiver = null;
        _isSent = false;
        var wasRegistered = IsRegistered;
        IsRegistered = false;
        if (wasRegistered)
        {
            _tracking.InvalidateAll(Answered);
        }

        _hasMissed = true;
        Report(null, failure);
        _tracking.OnConnectionLost(this, wasRegistered);
    }

    private void SendOn(long redirect)
    {
        if (_lease is not { } lease)
        {
            return;
        }

        var isAddition = _isSent && _redirect == redirect;
        var options = isAddition ? _added! : _tracking.Options;
        if (_isKnown && !isAddition)
        {
            // Prefixes that it knows already would be refused. What it gathered for them is lost.
            Say(FailureKind.HandshakeFailed, "CLIENT", "TRACKING", "OFF");
            _hasMissed |= options.IsBroadcast;
        }

        _isSent = true;
        _isKnown = true;
        _redirect = redirect;
        var length = TrackingWords.Append(lease.Output, TrackingWords.On(options, redirect));
        Enter(0);
        lease.Enqueue(new TrackedCommand(this, FailureKind.HandshakeFailed, isRegistration: true), length);
    }

    private void Say(FailureKind failure, params ReadOnlySpan<string> words)
    {
        var length = TrackingWords.Append(_lease!.Output, words);
        Enter(0);
        _lease.Enqueue(new TrackedCommand(this, failure, isRegistration: false), length);
    }

    private void EnterRequest()
    {
        _isUsed = true;
        _last = _client.LastPlace;
        Enter(_last);
    }

    private void Enter(long place)
    {
        _ = Answered;
        _places.Enqueue(place);
    }

    private void Report(byte[]? error, BackendFailure? failure)
    {
        if (_isAwaited)
        {
            _isAwaited = false;
            _tracking.OnRegistered(error, failure);
        }
    }
}
