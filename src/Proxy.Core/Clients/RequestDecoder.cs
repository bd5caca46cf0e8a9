using System.Diagnostics;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Proxy.Core.Requests.Forwarding;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Clients;

/// <summary>
/// Finds requests in a client's bytes where they lie and hands each to the <see cref="ClientConnection"/> as a view. Only what
/// cannot be handled yet is copied.
/// </summary>
/// <remarks>A large payload that is still on its way is kept apart (<see cref="DetachedPayload"/>), or goes out as it comes (<see cref="StreamedRequest"/>).</remarks>
internal sealed class RequestDecoder : ChannelHandlerAdapter
{
    /// <summary>Bytes of a payload still to come from which on it is kept apart. Below, one contiguous buffer of the right size is cheaper.</summary>
    private const int DetachFrom = 32 * 1024;

    /// <summary>
    /// Bytes of a payload still to come from which on its request goes out as it arrives. Below, gathering it takes less than the connection
    /// of its own that it would take.
    /// </summary>
    private const int StreamFrom = 1024 * 1024;

    private readonly ClientConnection _client;
    private readonly RequestScanner _scanner;
    private readonly InputBuffer _waiting;
    private readonly DetachedPayload _detached;
    private StreamedRequest? _streamed;
    private Block? _putBack;
    private bool _decoding;

    /// <param name="client">Takes the requests.</param>
    /// <param name="limits">What the client may send.</param>
    public RequestDecoder(ClientConnection client, RequestLimits limits)
    {
        _client = client;
        _scanner = new RequestScanner(limits);
        _waiting = new InputBuffer(client.Worker.Memory);
        _detached = new DetachedPayload(client.Worker.Blocks);
    }

    /// <summary>True when no byte waits to be decoded.</summary>
    public bool IsEmpty => _waiting.IsEmpty;

    /// <summary>Bytes that wait to be decoded.</summary>
    public int WaitingBytes => _waiting.Bytes.Length;

    /// <summary>Bytes that have room behind those.</summary>
    public int WaitingRoom => _waiting.Room;

    /// <summary>True while requests are being handled: what waits is not known to be all yet.</summary>
    public bool IsDecoding => _decoding;

    /// <summary>True while a request goes out as it arrives.</summary>
    public bool IsStreaming => _streamed is not null;

    /// <summary>True while a request waits that will go out as it arrives, once those before it are answered.</summary>
    public bool AwaitsTurn { get; private set; }

    /// <summary>The payload that is missing in a request with a <see cref="RequestFrame.DetachedArgument"/>. Whoever forwards that takes it.</summary>
    public OutBuffer DetachedPayload => _detached.Bytes;

    /// <summary>The client gave its password, or took it back: other limits hold.</summary>
    public bool Authenticated
    {
        set => _scanner.Authenticated = value;
    }

    /// <inheritdoc/>
    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        if (message is not IByteBuffer buffer)
        {
            context.FireChannelRead(message);
            return;
        }

        using var reading = _client.Worker.Blocks.References.Read(buffer);
        try
        {
            Decode(buffer.Array.AsSpan(buffer.ArrayOffset + buffer.ReaderIndex, buffer.ReadableBytes));
            _client.OnDecoded();
        }
        finally
        {
            buffer.Release();
        }
    }

    /// <summary>Goes on with what waits, if the client may.</summary>
    public void Resume()
    {
        if (_decoding || _waiting.IsEmpty || !MayDecode)
        {
            return;
        }

        var used = DecodeFrames(_waiting.Bytes);
        if (_client.IsClosing)
        {
            Clear();
        }
        else
        {
            _waiting.Drop(used);
            PutBackJoined();
            if (!AwaitsTurn && OpenPayloadIn(_waiting.Bytes) is >= 0 and var start)
            {
                Detach(_waiting.Bytes[start..]);
                _waiting.Truncate(start);
            }
        }
    }

    /// <summary>Forgets everything; the client takes no more requests.</summary>
    public void Clear()
    {
        // Called from inside a request while its bytes are still being looked at: they are dropped when that returns.
        if (!_decoding)
        {
            _waiting.Clear();
            _detached.Clear();
            _scanner.Reset();
            AwaitsTurn = false;
            var streamed = _streamed;
            _streamed = null;
            streamed?.BreakOff();
        }
    }

    private bool MayDecode => _client.MayTakeRequest || IsStreaming;

    private void Decode(ReadOnlySpan<byte> bytes)
    {
        _client.OnReceived(bytes.Length);
        if (_client.IsClosing)
        {
            return;
        }

        if (_detached.Missing > 0)
        {
            bytes = HasMemory() ? _detached.Take(bytes) : default;
        }

        if (!_waiting.IsEmpty)
        {
            Keep(bytes);
            Resume();
            return;
        }

        var used = DecodeFrames(bytes);
        if (!_client.IsClosing && used < bytes.Length)
        {
            KeepBeginning(bytes[used..]);
        }
        else if (_client.IsClosing)
        {
            Clear();
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && HasMemory())
        {
            _waiting.Append(bytes, _scanner.BytesWanted);
        }
    }

    /// <summary>Keeps what is not a whole request yet; a large payload apart from the rest.</summary>
    private void KeepBeginning(ReadOnlySpan<byte> bytes)
    {
        var start = AwaitsTurn ? -1 : OpenPayloadIn(bytes);
        if (start < 0)
        {
            Keep(bytes);
        }
        else if (HasMemory())
        {
            Detach(bytes[start..]);
            Keep(bytes[..start]);
        }
    }

    /// <summary>Where a large payload begins whose end is not in <paramref name="unread"/>; -1 if there is none.</summary>
    private int OpenPayloadIn(ReadOnlySpan<byte> unread)
    {
        var start = _scanner.OpenPayload;
        return start >= 0 && start + _scanner.OpenPayloadLength - unread.Length >= DetachFrom ? start : -1;
    }

    private void Detach(ReadOnlySpan<byte> begun)
    {
        _detached.Begin(begun, _scanner.OpenPayloadLength);
        _scanner.DetachPayload();
    }

    private bool HasMemory()
    {
        if (_client.Worker.Memory.IsExhausted)
        {
            _client.OnMemoryExhausted();
            Clear();
        }

        return !_client.IsClosing;
    }

    /// <summary>Handles requests until the bytes or the client's turn end.</summary>
    /// <returns>How many bytes were used.</returns>
    private int DecodeFrames(ReadOnlySpan<byte> bytes)
    {
        _decoding = true;
        try
        {
            return DecodeEach(bytes);
        }
        finally
        {
            _decoding = false;
        }
    }

    private int DecodeEach(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (used < bytes.Length && MayDecode)
        {
            var unread = bytes[used..];
            switch (_scanner.Scan(unread))
            {
                case RequestScanStatus.NeedMore when IsStreaming || BeginsStream(unread):
                    used += PassOn(unread);
                    if (_scanner.Consumed == 0)
                    {
                        return used;
                    }

                    break;
                case RequestScanStatus.NeedMore:
                    return used;
                case RequestScanStatus.Request when IsStreaming:
                    used += PassOn(unread);
                    EndStream();
                    break;
                case RequestScanStatus.Request:
                    var consumed = _scanner.Consumed;
                    if (!Handle(_scanner.Frame(unread)))
                    {
                        _scanner.Reset();
                        return _putBack is null ? used : used + consumed;
                    }

                    used += consumed;
                    break;
                case RequestScanStatus.Skipped:
                    used += _scanner.Consumed;
                    break;
                case RequestScanStatus.Error:
                    _client.OnProtocolError(_scanner.Problem, _scanner.Error);
                    return bytes.Length;
                default:
                    _client.OnForeignProtocol(_scanner.Problem);
                    return bytes.Length;
            }
        }

        if (used == bytes.Length)
        {
            // Between requests the scanner holds nothing: this call has it give back what the last one needed.
            _scanner.Scan(default);
        }

        return used;
    }

    /// <summary>Whether the request at the start of <paramref name="unread"/> goes out as it arrives from now on.</summary>
    private bool BeginsStream(ReadOnlySpan<byte> unread)
    {
        AwaitsTurn = false;
        var start = _scanner.OpenPayload;
        if (start < 0 || start + _scanner.OpenPayloadLength - unread.Length < StreamFrom)
        {
            return false;
        }

        switch (_client.BeginStream(_scanner.Beginning(unread), _scanner.AnnouncedArguments, out _streamed))
        {
            case StreamStart.Later:
                AwaitsTurn = true;
                return false;
            case StreamStart.Never:
                return false;
            default:
                _scanner.BeginStream();
                return true;
        }
    }

    private int PassOn(ReadOnlySpan<byte> unread)
    {
        _streamed!.Append(unread[.._scanner.Consumed]);
        return _scanner.Consumed;
    }

    private void EndStream()
    {
        var streamed = _streamed!;
        _streamed = null;
        streamed.Complete();
    }

    /// <returns>False if it has to come again.</returns>
    private bool Handle(in RequestFrame frame)
    {
        if (frame.DetachedArgument < 0)
        {
            return _client.OnRequest(frame);
        }

        if (!_client.Forwards(frame))
        {
            return HandleJoined(frame);
        }

        var isTaken = _client.OnRequest(frame);
        Debug.Assert(isTaken, "what is forwarded has nothing to wait for");
        DetachedPayload.Clear();
        return true;
    }

    /// <summary>Somebody has to look at the payload, or to cut the request: it is made one piece.</summary>
    private bool HandleJoined(in RequestFrame frame)
    {
        var block = _detached.Join(frame);
        bool isTaken;
        using (_client.Worker.Blocks.References.Read(block))
        {
            _scanner.Reset();
            _scanner.Scan(block.Span);
            isTaken = _client.OnRequest(_scanner.Frame(block.Span));
        }

        if (isTaken)
        {
            block.Release();
        }
        else
        {
            _putBack = block;
        }

        return isTaken;
    }

    /// <summary>A request that was made one piece and has to come again waits as that, before everything else.</summary>
    private void PutBackJoined()
    {
        if (_putBack is { } block)
        {
            _putBack = null;
            _waiting.Prepend(block.Span);
            block.Release();
        }
    }
}
