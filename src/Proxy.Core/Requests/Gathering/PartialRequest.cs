using Proxy.Core.Backends;

namespace Proxy.Core.Requests.Gathering;

/// <summary>
/// A request that is answered when its parts at several servers are: what of their replies may be kept until then. Used on the worker's loop only.
/// </summary>
internal abstract class PartialRequest
{
    private PendingRequest? _pending;
    private long _gathered;

    /// <summary>Whose request it is; null once the client is gone, or has its reply.</summary>
    public ClientSession? Client => _pending?.Client;

    /// <summary>True while more of the parts' replies may come.</summary>
    public bool HasRoom => _pending is not { HasRoom: false };

    /// <summary>Bytes of replies that may be gathered.</summary>
    public long Limit { get; private set; }

    /// <summary>True once the replies are more than may be gathered.</summary>
    protected bool IsTooLarge => _gathered > Limit;

    /// <summary>True until it is answered.</summary>
    protected bool IsOpen => _pending is not null;

    /// <summary>Bytes of replies that are kept.</summary>
    protected long Kept { get; private set; }

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
        Kept += bytes;
        return true;
    }

    /// <summary>Has <paramref name="connection"/>, which stopped reading in the middle of a part's reply, read on once there is room.</summary>
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

    /// <summary>One part has its reply or its failure.</summary>
    public abstract void PartDone();

    /// <summary>Nothing is gathered yet.</summary>
    /// <param name="pending">The request's place.</param>
    /// <param name="limit">Bytes of replies that may be gathered.</param>
    protected void Open(PendingRequest pending, long limit)
    {
        _pending = pending;
        Limit = limit;
        _gathered = 0;
        Kept = 0;
    }

    /// <summary>It is answered now: nothing more is gathered, and what was no longer counts as waiting.</summary>
    /// <returns>Its place.</returns>
    protected PendingRequest TakePending()
    {
        var pending = _pending!;
        _pending = null;
        if (pending.Client is { } client)
        {
            client.EarlyBytes -= Kept;
        }

        return pending;
    }
}
