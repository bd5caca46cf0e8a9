using System.Buffers;
using Proxy.Core.Backends;

namespace Proxy.Core.Requests;

/// <summary>The part of a split request for one shard, and the reply to it until all parts have theirs.</summary>
internal sealed class Fragment : InFlight
{
    private readonly FreeList<Fragment> _home;
    private GatheredRequest? _whole;
    private ClientSession? _held;
    private byte[] _reply = [];
    private int _length;
    private bool _inQueue;

    public Fragment(FreeList<Fragment> home)
    {
        _home = home;
    }

    /// <summary>The shard it goes to.</summary>
    public int Shard { get; private set; }

    /// <summary>How many keys it has.</summary>
    public int Keys { get; set; }

    /// <summary>The whole reply of its server; empty when there was none.</summary>
    public ReadOnlySpan<byte> Reply => _reply.AsSpan(0, _length);

    /// <summary>Why there is no reply; null when there is one.</summary>
    public BackendFailure? Failure { get; private set; }

    /// <summary>How much of <see cref="Reply"/> the coalescer has read.</summary>
    public int ReadOffset { get; set; }

    /// <summary>Makes it a part of <paramref name="whole"/>.</summary>
    public void Begin(GatheredRequest whole, int shard)
    {
        _whole = whole;
        Shard = shard;
        Keys = 0;
        ReadOffset = 0;
        Failure = null;
        _length = 0;
        _inQueue = false;
    }

    /// <summary>It entered a connection's queue, which will recycle it.</summary>
    public void Entered() => _inQueue = true;

    /// <inheritdoc/>
    public override bool IsCongested => _whole is { HasRoom: false };

    /// <inheritdoc/>
    public override void WhenDrained(BackendConnection connection)
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
            Store(bytes);
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
        _length = 0;
        _whole!.FragmentDone();

        // The client need not wait for a reply that will be swallowed.
        var held = _held;
        _held = null;
        held?.Release();
    }

    /// <inheritdoc/>
    public override void HoldClient()
    {
        if (_held is null && _whole?.Client is { } client)
        {
            _held = client;
            client.Hold();
        }
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        _inQueue = false;
        var held = _held;
        _held = null;
        ReturnIfUnused();
        held?.Release();
    }

    /// <summary>The gathered request is done with its reply.</summary>
    public void Forget()
    {
        _whole = null;
        if (_reply.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_reply);
            _reply = [];
        }

        _length = 0;
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

    private void Store(ReadOnlySpan<byte> bytes)
    {
        if (_reply.Length - _length < bytes.Length)
        {
            var grown = ArrayPool<byte>.Shared.Rent(Math.Max(_length + bytes.Length, _reply.Length * 2));
            _reply.AsSpan(0, _length).CopyTo(grown);
            if (_reply.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_reply);
            }

            _reply = grown;
        }

        bytes.CopyTo(_reply.AsSpan(_length));
        _length += bytes.Length;
    }
}
