using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Proxy.Resp;

namespace Proxy.Core.Clients;

/// <summary>
/// Finds requests in a client's bytes where they lie and hands each to the <see cref="ClientConnection"/> as a view. Only what
/// cannot be handled yet is copied.
/// </summary>
internal sealed class RequestDecoder : ChannelHandlerAdapter
{
    private readonly ClientConnection _client;
    private readonly RequestScanner _scanner;
    private readonly InputBuffer _waiting;
    private bool _decoding;

    /// <param name="client">Takes the requests.</param>
    /// <param name="limits">What the client may send.</param>
    public RequestDecoder(ClientConnection client, RequestLimits limits)
    {
        _client = client;
        _scanner = new RequestScanner(limits);
        _waiting = new InputBuffer(client.Worker.Memory);
    }

    /// <summary>True when no byte waits to be decoded.</summary>
    public bool IsEmpty => _waiting.IsEmpty;

    /// <summary>True while requests are being handled: what waits is not known to be all yet.</summary>
    public bool IsDecoding => _decoding;

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
        if (_decoding || _waiting.IsEmpty || !_client.MayTakeRequest)
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
        }
    }

    /// <summary>Forgets everything; the client takes no more requests.</summary>
    public void Clear()
    {
        // Called from inside a request while its bytes are still being looked at: they are dropped when that returns.
        if (!_decoding)
        {
            _waiting.Clear();
            _scanner.Reset();
        }
    }

    private void Decode(ReadOnlySpan<byte> bytes)
    {
        _client.OnReceived(bytes.Length);
        if (_client.IsClosing)
        {
            return;
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
            Keep(bytes[used..]);
        }
        else if (_client.IsClosing)
        {
            Clear();
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_client.Worker.Memory.IsExhausted)
        {
            _client.OnMemoryExhausted();
            Clear();
            return;
        }

        _waiting.Append(bytes, _scanner.BytesWanted);
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
        while (used < bytes.Length && _client.MayTakeRequest)
        {
            var unread = bytes[used..];
            switch (_scanner.Scan(unread))
            {
                case RequestScanStatus.NeedMore:
                    return used;
                case RequestScanStatus.Request:
                    used += _scanner.Consumed;
                    _client.OnRequest(_scanner.Frame(unread));
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
}
