using System.Runtime.InteropServices;
using Proxy.Core.Backends;
using Proxy.Core.Topology;
using Proxy.Resp;

namespace Proxy.Core.Requests.Gathering;

/// <summary>
/// A request for several servers: its fragments, and what joins their replies. It answers when the last fragment did. As a rule one
/// failed fragment fails the whole: clients cannot read an error in the middle of an MGET.
/// </summary>
internal sealed class GatheredRequest : PartialRequest
{
    private readonly FreeList<GatheredRequest> _home;
    private readonly List<Fragment> _fragments = [];
    private readonly List<int> _fragmentOfKey = [];
    private ClientSession? _held;
    private Coalescer _coalescer = Coalescer.Values;
    private int _outstanding;

    public GatheredRequest(FreeList<GatheredRequest> home)
    {
        _home = home;
    }

    /// <summary>Who is subscribed to what in the pool that was asked.</summary>
    public PoolSubscriptions? Subscriptions { get; private set; }

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
        Open(pending, limit);
        _coalescer = coalescer;
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

    /// <inheritdoc/>
    public override void PartDone()
    {
        if (--_outstanding == 0 && !(_coalescer is Computation computation && IsJoinable && computation.Begin(this)))
        {
            Complete();
        }
    }

    /// <summary>All fragments are done, and the reply is computed if that had to be waited for: answers.</summary>
    public void Complete()
    {
        var pending = TakePending();
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
        Client is not null && !IsTooLarge && FirstFailure() is null && (_coalescer.TakesErrors || FirstError() is null);

    private void WriteReply(PendingRequest pending, ClientSession client)
    {
        if (IsTooLarge)
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

        pending.NoteWritten(Kept);
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
