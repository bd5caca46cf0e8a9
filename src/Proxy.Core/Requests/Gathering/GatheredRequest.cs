using System.Runtime.InteropServices;
using Proxy.Core.Backends;
using Proxy.Core.Topology;
using Proxy.Resp;

namespace Proxy.Core.Requests.Gathering;

/// <summary>
/// A request for several servers: its fragments, and what joins their replies. It answers when the last fragment did. As a rule one
/// failed fragment fails the whole: clients cannot read an error in the middle of an MGET.
/// </summary>
internal sealed class GatheredRequest
{
    private readonly FreeList<GatheredRequest> _home;
    private readonly List<Fragment> _fragments = [];
    private readonly List<int> _fragmentOfKey = [];
    private PendingRequest? _pending;
    private ClientSession? _held;
    private Coalescer _coalescer = Coalescer.Values;
    private long _gathered;
    private long _kept;
    private int _outstanding;

    public GatheredRequest(FreeList<GatheredRequest> home)
    {
        _home = home;
    }

    /// <summary>Whose request it is; null once the client is gone.</summary>
    public ClientSession? Client => _pending?.Client;

    /// <summary>Bytes of replies that may be gathered.</summary>
    public long Limit { get; private set; }

    /// <summary>Who is subscribed to what in the pool that was asked.</summary>
    public PoolSubscriptions? Subscriptions { get; private set; }

    /// <summary>True while more of the fragments' replies may come.</summary>
    public bool HasRoom => _pending is not { HasRoom: false };

    /// <summary>The fragments, in the order in which their shards first appear among the keys.</summary>
    public ReadOnlySpan<Fragment> Fragments => CollectionsMarshal.AsSpan(_fragments);

    /// <summary>For each key, in the request's order, its place in <see cref="Fragments"/>.</summary>
    public ReadOnlySpan<int> FragmentOfKey => CollectionsMarshal.AsSpan(_fragmentOfKey);

    /// <summary>Makes it the way back to <paramref name="pending"/>.</summary>
    /// <param name="pending">The request's place.</param>
    /// <param name="coalescer">What joins the replies.</param>
    /// <param name="limit">Bytes of replies that may be gathered.</param>
    public void Begin(PendingRequest pending, Coalescer coalescer, long limit)
    {
        _pending = pending;
        _coalescer = coalescer;
        Limit = limit;
        _gathered = 0;
        _kept = 0;
        _outstanding = 0;
    }

    /// <summary>Notes that the next key belongs to the fragment at <paramref name="index"/>.</summary>
    public void AddKey(int index)
    {
        _fragmentOfKey.Add(index);
        _fragments[index].Keys++;
    }

    /// <summary>Adds a fragment; all are added before the first is sent.</summary>
    public void AddFragment(Fragment fragment)
    {
        _fragments.Add(fragment);
        _outstanding++;
    }

    /// <summary>Its client takes no other request before it is done.</summary>
    public void Hold(ClientSession client)
    {
        _held = client;
        client.Hold();
    }

    /// <summary>Counts bytes of a reply; false when they are too many to be kept.</summary>
    public bool TakesMore(int bytes)
    {
        _gathered += bytes;
        if (_gathered > Limit || Client is not { } client)
        {
            return false;
        }

        // Until they are joined they wait like any other early reply.
        client.EarlyBytes += bytes;
        _kept += bytes;
        return true;
    }

    /// <summary>Has <paramref name="connection"/>, which stopped reading in the middle of a fragment's reply, read on once there is room.</summary>
    public void ResumeWhenRoom(IServerLink connection)
    {
        if (_pending is { Client: { } client } pending)
        {
            client.ResumeWhenRoom(connection, pending);
        }
        else
        {
            connection.Resume();
        }
    }

    /// <summary>One fragment has its reply or its failure.</summary>
    public void FragmentDone()
    {
        if (--_outstanding == 0 && !(_coalescer is Computation computation && IsJoinable && computation.Begin(this)))
        {
            Complete();
        }
    }

    /// <summary>All fragments are done, and the reply is computed if that had to be waited for: answers.</summary>
    public void Complete()
    {
        var pending = _pending!;
        _pending = null;
        if (pending.Client is { } waiting)
        {
            waiting.EarlyBytes -= _kept;
        }

        var held = _held;
        _held = null;
        if (Failure() is { } failure)
        {
            Forget();
            pending.Fail(failure);
        }
        else
        {
            if (pending.Client is { } client)
            {
                WriteReply(pending, client);
            }

            Forget();
            pending.Finish();
        }

        held?.Release();
    }

    /// <summary>Whether the fragments' replies will be the client's.</summary>
    private bool IsJoinable =>
        Client is not null && _gathered <= Limit && FirstFailure() is null && (_coalescer.TakesErrors || FirstError() is null);

    private void WriteReply(PendingRequest pending, ClientSession client)
    {
        if (_gathered > Limit)
        {
            client.Counters.RequestFailed(Metrics.RequestErrorReason.TooLarge);
            Replies.ReplyTooLarge(pending.Writer, client.Model.Name);
        }
        else if (!_coalescer.TakesErrors && Error() is { } error)
        {
            pending.Writer.TakeOver(error.Reply);
        }
        else
        {
            Subscriptions = client.Pool.Pool.Subscriptions;
            _coalescer.Write(this, pending.Writer);
        }

        pending.NoteWritten(_kept);
    }

    /// <summary>Why there is no reply to the whole; null if there is one.</summary>
    private BackendFailure? Failure() => _coalescer.NeedsAll || (!HasSuccess() && Error() is null) ? FirstFailure() : null;

    /// <summary>The server's error that is the reply to the whole; null if there is none.</summary>
    private Fragment? Error()
    {
        if (_coalescer.NeedsAll)
        {
            return FirstError();
        }

        // That there is nothing to do at one server says nothing of one that cannot be asked; what else a server says tells more than that.
        return HasSuccess() ? null : FirstError("-NOTBUSY"u8) ?? (FirstFailure() is null ? FirstError() : null);
    }

    private bool HasSuccess()
    {
        foreach (var fragment in _fragments)
        {
            if (fragment.HasSucceeded)
            {
                return true;
            }
        }

        return false;
    }

    private BackendFailure? FirstFailure()
    {
        foreach (var fragment in _fragments)
        {
            if (fragment.Failure is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    /// <param name="except">An error that begins so does not count.</param>
    private Fragment? FirstError(ReadOnlySpan<byte> except = default)
    {
        foreach (var fragment in _fragments)
        {
            if (fragment.Reply.FirstSpan is [(byte)'-', ..] error && (except.IsEmpty || !error.StartsWith(except)))
            {
                return fragment;
            }
        }

        return null;
    }

    private void Forget()
    {
        foreach (var fragment in _fragments)
        {
            fragment.Forget();
        }

        _fragments.Clear();
        _fragmentOfKey.Clear();
        if (_fragmentOfKey.Capacity > 1024)
        {
            _fragmentOfKey.Capacity = 1024;
        }

        _home.Return(this);
    }
}
