using Proxy.Core.Backends;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Gathering;

/// <summary>The part of a split request for one shard, and the reply to it until all parts have theirs.</summary>
internal sealed class Fragment : RequestPart
{
    private readonly FreeList<Fragment> _home;
    private readonly ReplyScanner _elements = new();
    private DedicatedConnections? _connections;
    private BackendConnection? _connection;
    private bool _inQueue;

    public Fragment(FreeList<Fragment> home, BlockPool blocks)
        : base(blocks)
    {
        _home = home;
    }

    /// <summary>The shard it goes to.</summary>
    public int Shard { get; private set; }

    /// <summary>How many keys it has.</summary>
    public int Keys { get; set; }

    /// <summary>There is a reply, and it is no error.</summary>
    public bool HasSucceeded => Failure is null && Reply.FirstSpan is not ([] or [(byte)'-', ..]);

    /// <summary>Makes it a part of <paramref name="whole"/>.</summary>
    public void Begin(GatheredRequest whole, int shard)
    {
        Join(whole);
        Shard = shard;
        Keys = 0;
        _inQueue = false;
    }

    /// <summary>It entered a connection's queue, which will recycle it.</summary>
    public void Entered() => _inQueue = true;

    /// <summary>It entered a connection of its own, which is given back when it is done.</summary>
    /// <param name="home">Where it is given back.</param>
    /// <param name="connection">Its way to the server.</param>
    public void EnteredAside(DedicatedConnections home, BackendConnection connection)
    {
        Entered();
        _connections = home;
        _connection = connection;
    }

    /// <summary>Moves the next element of <see cref="RequestPart.Reply"/>, whose array header was taken off, to <paramref name="output"/>.</summary>
    public void MoveElement(OutBuffer output)
    {
        var status = ReplyScanStatus.NeedMore;
        while (status == ReplyScanStatus.NeedMore && !Reply.IsEmpty)
        {
            status = _elements.Scan(Reply.FirstSpan, out var length);
            Reply.MoveFirst(length, output);
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        // A late reply has nobody to go to.
        _connection?.Abort();
        base.OnFailure(failure);
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        _inQueue = false;
        var held = TakeHeld();
        if (_connection is { } connection)
        {
            _connection = null;
            _connections!.GiveBack(connection);
            _connections = null;
        }

        ReturnIfUnused();
        held?.Release();
    }

    /// <summary>The gathered request is done with its reply.</summary>
    public void Forget()
    {
        Part();
        ReturnIfUnused();
    }

    private void ReturnIfUnused()
    {
        if (!_inQueue && Whole is null)
        {
            ResetPlace();
            _home.Return(this);
        }
    }
}
