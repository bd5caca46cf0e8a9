using DotNetty.Transport.Channels;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Backends;

/// <summary>
/// A connection to a server of which one holder hears everything that comes, message by message: pushes are no replies to requests. One
/// socket, not opened again, and never read slower than the server writes. Used on the worker's loop only.
/// </summary>
internal sealed class MessageConnection : IFlushable, IBackendChannelOwner
{
    /// <summary>Bytes of an incomplete message that are kept also while memory is exhausted.</summary>
    private const int SmallMessage = 64 * 1024;

    private readonly Server _server;
    private readonly Worker _worker;
    private readonly IMessageReceiver _receiver;
    private readonly ServerCounters _counters;
    private readonly OutBuffer _begun;
    private readonly ReplyScanner _scanner = new();
    private ChannelOpener? _opener;
    private BackendHandler? _handler;
    private IChannel? _channel;
    private bool _dirty;

    /// <param name="target">Where to, and in which lane.</param>
    /// <param name="worker">Whose loop it lives on.</param>
    /// <param name="receiver">Takes what comes.</param>
    public MessageConnection(ServerConnections target, Worker worker, IMessageReceiver receiver)
    {
        _server = target.Server;
        _worker = worker;
        _receiver = receiver;
        _counters = _server.Counters[worker.Index];
        _begun = new OutBuffer(worker.Blocks);
        Output = new OutBuffer(worker.Blocks);
        _opener = new ChannelOpener(target, worker, OnOpened, OnOpenFailed);
    }

    /// <summary>Bytes not yet handed to the channel. What is appended goes out at the end of the turn after <see cref="MarkDirty"/>.</summary>
    public OutBuffer Output { get; }

    /// <summary>Begins.</summary>
    public void Open() => _opener!.Open();

    /// <summary>Closes; nothing more is heard of it.</summary>
    public void Close()
    {
        if (_channel is not null)
        {
            _counters.Closed(ServerCloseReason.Retired);
        }

        LetGo();
    }

    /// <summary>Has <see cref="Output"/> handed to the channel at the end of the turn.</summary>
    public void MarkDirty()
    {
        if (!_dirty)
        {
            _dirty = true;
            _worker.MarkServer(this);
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        _dirty = false;
        if (_channel is { IsWritable: true } channel && !Output.IsEmpty)
        {
            _worker.Writer.Write(channel, Output);
        }
    }

    /// <inheritdoc/>
    public void OnWritable() => MarkDirty();

    /// <inheritdoc/>
    public void OnBytes(ReadOnlySpan<byte> bytes)
    {
        _worker.RefreshClock();
        while (!bytes.IsEmpty && _channel is not null)
        {
            var status = _scanner.Scan(bytes, out var used);
            var part = bytes[..used];
            bytes = bytes[used..];
            var problem = status switch
            {
                ReplyScanStatus.Error => _scanner.Problem,
                ReplyScanStatus.NeedMore => Keep(part),
                _ => Deliver(part),
            };
            if (problem is not null)
            {
                Lose(ServerCloseReason.Protocol, new BackendFailure(FailureKind.Garbage, _server, problem));
            }
        }
    }

    /// <inheritdoc/>
    public void OnClosed(FailureKind kind, string? detail) =>
        Lose(FailureCount.OfClose(kind), new BackendFailure(kind, _server, detail));

    /// <summary>The holder gave it up: the server owes an answer for too long.</summary>
    public void GiveUp() => Lose(ServerCloseReason.Timeout, new BackendFailure(FailureKind.TimedOut, _server, "server_hard_timeout"));

    private string? Keep(ReadOnlySpan<byte> part)
    {
        _begun.Append(part);
        return _worker.Memory.IsExhausted && _begun.Length > SmallMessage ? "no memory for a message" : null;
    }

    private string? Deliver(ReadOnlySpan<byte> part)
    {
        if (_begun.IsEmpty)
        {
            return _receiver.OnMessage(part);
        }

        // One piece, of which all who are sent it can refer to the same bytes.
        var length = (int)_begun.Length;
        var whole = _worker.Blocks.RentContiguous(length + part.Length);
        _begun.CopyFirst(whole.Bytes.AsSpan(0, length));
        part.CopyTo(whole.Bytes.AsSpan(length));
        whole.End = length + part.Length;
        _begun.Clear();
        try
        {
            using (_worker.Blocks.References.Read(whole))
            {
                return _receiver.OnMessage(whole.Span);
            }
        }
        finally
        {
            whole.Release();
        }
    }

    private void OnOpened(IChannel channel, BackendHandler handler)
    {
        _opener = null;
        _channel = channel;
        _handler = handler;
        handler.Attach(this);
        _counters.Connected();
        _receiver.OnReady();
    }

    private void OnOpenFailed(BackendFailure failure)
    {
        _opener = null;
        _counters.ConnectFailed(FailureCount.OfConnect(failure.Kind));
        _receiver.OnLost(failure);
    }

    private void Lose(ServerCloseReason reason, BackendFailure failure)
    {
        if (_channel is not null)
        {
            _counters.Closed(reason);
            LetGo();
            _receiver.OnLost(failure);
        }
    }

    private void LetGo()
    {
        _opener?.GiveUp();
        _opener = null;
        _handler?.Detach();
        _handler = null;
        if (_channel is { } channel)
        {
            _channel = null;
            _worker.Counters.ConnectionClosed();
            channel.CloseAsync();
        }

        Output.Clear();
        _begun.Clear();
    }
}
