using System.Text;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Backends;

/// <summary>
/// Cuts what a server sends into replies and gives them to the requests in the queue, first in, first out.
/// </summary>
/// <remarks>
/// A reply that is cut by the end of a read is kept back while it is small, so that a server that dies or sends nonsense in its
/// middle still lets the client have an error in place of it. A large one passes in parts as it arrives; then it cannot be taken
/// back, and a client whose reply breaks off is closed.
/// </remarks>
internal sealed class ReplyReceiver
{
    /// <summary>How much of an incomplete reply is kept back, in bytes: what one read of the socket brings at most is not more than a few times this.</summary>
    private const int HoldLimit = 16 * 1024;

    /// <summary>How much of a reply before the last of its request is kept, in bytes: an error's text is shorter.</summary>
    private const int InterimLimit = 1024;

    private readonly RequestStream _requests;
    private readonly Server _server;
    private readonly OutBuffer _held;
    private readonly BlockPool _blocks;
    private readonly IPushSink? _pushes;
    private readonly OutBuffer _push;
    private readonly InputReferences _references;
    private readonly ReplyScanner _scanner = new();
    private long _replyBytes;
    private long _interimBytes;
    private long _pushBytes;
    private bool _streaming;

    /// <param name="requests">What was asked.</param>
    /// <param name="server">Who answers.</param>
    /// <param name="worker">Whose it is.</param>
    /// <param name="pushes">Takes pushes; null if they are dropped.</param>
    public ReplyReceiver(RequestStream requests, Server server, Worker worker, IPushSink? pushes = null)
    {
        _pushes = pushes;
        _blocks = worker.Blocks;
        _push = new OutBuffer(worker.Blocks);
        _server = server;
        _requests = requests;
        _held = new OutBuffer(worker.Blocks);
        _references = worker.Blocks.References;
    }

    /// <summary>After <see cref="Receive"/> returned <see cref="ReceiveResult.Garbage"/>: what was wrong, for the log.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>True while part of a reply was passed on and the rest is awaited.</summary>
    public bool IsStreaming => _streaming;

    /// <summary>Takes the next reply, or part of one, out of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">What was read; advanced over what was taken.</param>
    /// <param name="counters">Where replies are counted.</param>
    /// <param name="nowTicks">When the bytes were read.</param>
    public ReceiveResult Receive(ref ReadOnlySpan<byte> bytes, ServerCounters counters, long nowTicks)
    {
        var status = _scanner.Scan(bytes, out var used);
        var part = bytes[..used];
        bytes = bytes[used..];
        if (status == ReplyScanStatus.Error)
        {
            Problem = _scanner.Problem;
            return ReceiveResult.Garbage;
        }

        var complete = status == ReplyScanStatus.Complete;
        if (_scanner.IsPush)
        {
            TakePush(part, complete);
            return complete ? ReceiveResult.Push : ReceiveResult.More;
        }

        if (_requests.Sent == 0)
        {
            if (_pushes is { TakesUnasked: true })
            {
                TakePush(part, complete);
                return complete ? ReceiveResult.Push : ReceiveResult.More;
            }

            Problem = "a reply that nobody asked for: " + Printable(part);
            return ReceiveResult.Garbage;
        }

        _replyBytes += part.Length;
        var oldest = _requests.Oldest;
        if (oldest.RepliesAwaited > 1)
        {
            TakeInterim(oldest, part, complete, counters);
            return complete ? ReceiveResult.Reply : ReceiveResult.More;
        }

        if (!complete)
        {
            TakePart(oldest, part);
            return oldest.IsCongested ? ReceiveResult.Congested : ReceiveResult.More;
        }

        TakeLast(_requests.TakeAnswered(), part, counters, nowTicks);
        return ReceiveResult.Reply;
    }

    /// <summary>Forgets a half-received reply.</summary>
    public void Reset()
    {
        _scanner.Reset();
        _held.Clear();
        _streaming = false;
        _replyBytes = 0;
        _interimBytes = 0;
        _push.Clear();
        _pushBytes = 0;
    }

    private void TakePush(ReadOnlySpan<byte> part, bool complete)
    {
        if (_pushes is null)
        {
            return;
        }

        if (complete && _pushBytes == 0)
        {
            _pushes.OnPush(part);
            return;
        }

        _pushBytes += part.Length;
        if (_pushBytes > _pushes.PushLimit)
        {
            _push.Clear();
        }
        else
        {
            _push.Append(part);
        }

        if (complete)
        {
            _pushBytes = 0;
            PassPush(_pushes);
        }
    }

    private void PassPush(IPushSink pushes)
    {
        if (_push.IsEmpty)
        {
            pushes.OnPushDropped();
            return;
        }

        var block = _blocks.RentContiguous((int)_push.Length);
        block.End = _push.CopyFirst(block.Bytes.AsSpan(0, (int)_push.Length)).Length;
        _push.Clear();
        using (_references.Read(block))
        {
            pushes.OnPush(block.Span);
        }

        block.Release();
    }

    private void TakeInterim(InFlight request, ReadOnlySpan<byte> part, bool complete, ServerCounters counters)
    {
        if (!complete || !_held.IsEmpty)
        {
            _held.Append(part[..(int)Math.Min(part.Length, InterimLimit - _held.Length)]);
            if (!complete)
            {
                return;
            }

            part = _held.CopyFirst(new byte[InterimLimit]);
            _held.Clear();
        }

        request.RepliesAwaited--;
        _interimBytes += _replyBytes;
        _replyBytes = 0;
        if (request.Abandoned)
        {
            return;
        }

        if (_scanner.Kind == (byte)'-')
        {
            counters.ErrorReply(part[1..]);
            if (part.StartsWith("-NOAUTH"u8))
            {
                _requests.FailOldest(AuthenticationFailed(part));
                return;
            }
        }

        request.OnInterimReply(part, _scanner.Kind);
    }

    private void TakePart(InFlight request, ReadOnlySpan<byte> part)
    {
        if (request.Abandoned)
        {
            _held.Clear();
            return;
        }

        if (!_streaming && _held.Length + part.Length <= HoldLimit)
        {
            _held.Append(part);
            return;
        }

        _streaming = true;
        PassHeld(request);
        request.OnReply(part, _scanner.Kind, last: false);
    }

    private void TakeLast(InFlight request, ReadOnlySpan<byte> part, ServerCounters counters, long nowTicks)
    {
        var requestBytes = request.End - request.Start;
        if (_scanner.Kind == (byte)'-' && _held.FirstSpan is { IsEmpty: false } begun && begun.Length == _held.Length)
        {
            // An error that was cut: looked at whole, or its beginning would decide by chance what it is.
            var whole = new byte[begun.Length + part.Length];
            begun.CopyTo(whole);
            part.CopyTo(whole.AsSpan(begun.Length));
            part = whole;
            _held.Clear();
        }

        if (request.Abandoned)
        {
            counters.ReplyDiscarded(requestBytes);
        }
        else if (_scanner.Kind == (byte)'-' && _replyBytes == part.Length && part.StartsWith("-NOAUTH"u8))
        {
            // The server wants a password that the pool does not have. Passed on, it would make clients log in to us for ever.
            counters.ReplyReceived(requestBytes, _interimBytes + _replyBytes, request.QueuedTicks, nowTicks);
            counters.ErrorReply(part[1..]);
            request.OnFailure(AuthenticationFailed(part));
        }
        else
        {
            counters.ReplyReceived(requestBytes, _interimBytes + _replyBytes, request.QueuedTicks, nowTicks);
            if (_scanner.Kind == (byte)'-' && _replyBytes == part.Length)
            {
                counters.ErrorReply(part[1..]);
                if (part.StartsWith("-BUSY "u8))
                {
                    _server.MayBeBusy = true;
                }
            }

            PassHeld(request);
            request.OnReply(part, _scanner.Kind, last: true);
        }

        _held.Clear();
        _streaming = false;
        _replyBytes = 0;
        _interimBytes = 0;
        request.Recycle();
    }

    private void PassHeld(InFlight request)
    {
        while (_held.TakeFirst() is { } block)
        {
            using (_references.Read(block))
            {
                request.OnReply(block.Span, _scanner.Kind, last: false);
            }

            block.Release();
        }
    }

    private BackendFailure AuthenticationFailed(ReadOnlySpan<byte> error) =>
        new(FailureKind.AuthenticationFailed, _server, Encoding.UTF8.GetString(error[1..]).TrimEnd());

    private static string Printable(ReadOnlySpan<byte> bytes) =>
        string.Create(Math.Min(bytes.Length, 64), bytes, static (text, source) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = source[i] is >= 0x20 and < 0x7f ? (char)source[i] : '.';
            }
        });
}
