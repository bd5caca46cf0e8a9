using Proxy.Core.Topology;
using Proxy.Resp;

namespace Proxy.Core.Requests.PubSub;

/// <summary>
/// A PUBLISH or SPUBLISH: in the server's number of receivers our subscriptions count once each, and are replaced by the clients that
/// stand behind them.
/// </summary>
internal sealed class PublishRequest : PendingInFlight
{
    /// <summary>`:` and the digits of a 64-bit number.</summary>
    private const int MaxReply = 23;

    /// <summary>Room for a longer name is not kept for the next request.</summary>
    private const int MaxKeptName = 1024;

    private readonly FreeList<PublishRequest> _home;
    private readonly byte[] _reply = new byte[MaxReply];
    private byte[] _channel = [];
    private int _channelLength;
    private int _replyLength;
    private SubscriptionCounts _counted;
    private ChannelKind _kind;
    private Server? _server;
    private PoolSubscriptions? _subscriptions;

    public PublishRequest(FreeList<PublishRequest> home)
    {
        _home = home;
    }

    /// <summary>Makes it the way back to <paramref name="pending"/>.</summary>
    /// <param name="pending">The request's place.</param>
    /// <param name="kind">Channel or shard channel.</param>
    /// <param name="channel">Its name; copied.</param>
    /// <param name="server">Where it is published.</param>
    /// <param name="subscriptions">The pool's.</param>
    public void Begin(
        PendingRequest pending, ChannelKind kind, ReadOnlySpan<byte> channel, Server server, PoolSubscriptions subscriptions)
    {
        _subscriptions = subscriptions;
        Pending = pending;
        _kind = kind;
        _server = server;
        _replyLength = 0;
        if (_channel.Length < channel.Length)
        {
            _channel = new byte[channel.Length];
        }

        channel.CopyTo(_channel);
        _channelLength = channel.Length;
        _counted = subscriptions.CountAt(kind, channel, server);
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (kind == ':' && _replyLength + bytes.Length <= MaxReply)
        {
            bytes.CopyTo(_reply.AsSpan(_replyLength));
            _replyLength += bytes.Length;
        }
        else
        {
            Pending!.Append(bytes);
        }

        if (last)
        {
            var pending = TakePending()!;
            if (kind == ':' && pending.Client is not null)
            {
                WriteCount(pending);
            }

            pending.Finish();
        }
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        Pending = null;
        _server = null;
        _subscriptions = null;
        if (_channel.Length > MaxKeptName)
        {
            _channel = [];
        }

        var held = TakeHeld();
        ResetPlace();
        _home.Return(this);
        held?.Release();
    }

    private void WriteCount(PendingRequest pending)
    {
        new ReplyReader(_reply.AsSpan(0, _replyLength)).TryReadInteger(out var received);
        var count = _subscriptions!.CorrectPublished(_kind, _channel.AsSpan(0, _channelLength), _server!, received, _counted);
        RespWriter.Integer(pending.Writer, count);
        pending.NoteWritten();
    }
}
