using Proxy.Core.Backends;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Gathering;

/// <summary>The part of a split request for one shard, and the reply to it until all parts have theirs.</summary>
internal sealed class Fragment : ClientInFlight
{
    private readonly FreeList<Fragment> _home;
    private readonly ReplyScanner _elements = new();
    private GatheredRequest? _whole;
    private bool _inQueue;

    public Fragment(FreeList<Fragment> home, BlockPool blocks)
    {
        _home = home;
        Reply = new OutBuffer(blocks);
    }

    /// <summary>The shard it goes to.</summary>
    public int Shard { get; private set; }

    /// <summary>How many keys it has.</summary>
    public int Keys { get; set; }

    /// <summary>The whole reply of its server; empty when there was none. Whoever joins the replies takes from it.</summary>
    public OutBuffer Reply { get; }

    /// <summary>Why there is no reply; null when there is one.</summary>
    public BackendFailure? Failure { get; private set; }

    /// <summary>Makes it a part of <paramref name="whole"/>.</summary>
    public void Begin(GatheredRequest whole, int shard)
    {
        _whole = whole;
        Shard = shard;
        Keys = 0;
        Failure = null;
        _inQueue = false;
    }

    /// <summary>It entered a connection's queue, which will recycle it.</summary>
    public void Entered() => _inQueue = true;

    /// <summary>A copy of <see cref="Reply"/> in one piece.</summary>
    public byte[] CopyReply()
    {
        var copy = new byte[Reply.Length];
        Reply.CopyFirst(copy);
        return copy;
    }

    /// <summary>Moves the next element of <see cref="Reply"/>, whose array header was taken off, to <paramref name="output"/>.</summary>
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
    protected override ClientSession? Client => _whole?.Client;

    /// <inheritdoc/>
    public override bool IsCongested => _whole is { HasRoom: false };

    /// <inheritdoc/>
    public override void WhenDrained(IServerLink connection)
    {
        if (_whole is { } whole)
        {
            whole.ResumeWhenRoom(connection);
        }
        else
        {
            connection.Resume();
        }
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (_whole!.TakesMore(bytes.Length))
        {
            Reply.Append(bytes);
        }

        if (last)
        {
            _whole.FragmentDone();
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        Failure = failure;
        Reply.Clear();
        _whole!.FragmentDone();

        ReleaseHold();
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        _inQueue = false;
        var held = TakeHeld();
        ReturnIfUnused();
        held?.Release();
    }

    /// <summary>The gathered request is done with its reply.</summary>
    public void Forget()
    {
        _whole = null;
        Reply.Clear();
        Failure = null;
        ReturnIfUnused();
    }

    private void ReturnIfUnused()
    {
        if (!_inQueue && _whole is null)
        {
            ResetPlace();
            _home.Return(this);
        }
    }
}
