using System.Buffers;
using System.Buffers.Text;
using Proxy.Core.Requests.Forwarding;
using Proxy.Resp;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>
/// A SCAN at one of several servers: the keys pass through as they come, the cursor before them is replaced.
/// <code>
///   *2 $1 8 *2 $1 a $1 b     ─▶   *2 $4 8193 *2 $1 a $1 b        there is more on server 1
///   *2 $1 0 *1 $1 c          ─▶   *2 $1 2 *1 $1 c                the next is server 2
/// </code>
/// </summary>
internal sealed class ScanRequest : ForwardedRequest
{
    /// <summary><c>*2\r\n$20\r\n</c>, the digits of a 64-bit number, CRLF.</summary>
    private const int MaxHeader = 4 + 5 + 20 + 2;

    private readonly byte[] _header = new byte[MaxHeader];
    private readonly ArrayBufferWriter<byte> _replaced = new(MaxHeader);
    private int _length;
    private State _state;
    private int _shard;
    private int _shards;
    private ulong _next;

    public ScanRequest(FreeList<ForwardedRequest> home)
        : base(home)
    {
    }

    private enum State
    {
        Header,
        Keys,

        /// <summary>The client was told that the reply makes no sense; the rest of it is dropped.</summary>
        Broken,
    }

    /// <summary>Makes it the way back to <paramref name="pending"/>.</summary>
    /// <param name="pending">The request's place.</param>
    /// <param name="shard">Which server is asked.</param>
    /// <param name="shards">How many there are.</param>
    /// <param name="next">The client's cursor once this server has no more.</param>
    public void Begin(PendingRequest pending, int shard, int shards, ulong next)
    {
        Begin(pending);
        _shard = shard;
        _shards = shards;
        _next = next;
        _length = 0;
        _state = State.Header;
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        // An error says what a server says.
        if (_state == State.Header && kind != '-')
        {
            bytes = TakeHeader(bytes, last);
        }

        base.OnReply(_state is State.Keys || kind == '-' ? bytes : [], kind, last);
    }

    /// <returns>What follows the header.</returns>
    private ReadOnlySpan<byte> TakeHeader(ReadOnlySpan<byte> bytes, bool last)
    {
        var before = _length;
        var taken = Math.Min(bytes.Length, MaxHeader - _length);
        bytes[..taken].CopyTo(_header.AsSpan(_length));
        _length += taken;
        if (TryRead(_header.AsSpan(0, _length), out var position, out var used))
        {
            if (TryReplace(position))
            {
                _state = State.Keys;
                base.OnReply(_replaced.WrittenSpan, (byte)'*', last: false);
                return bytes[(used - before)..];
            }
        }
        else if (!last && _length < MaxHeader)
        {
            return [];
        }

        _state = State.Broken;
        base.OnReply(Replies.UnexpectedFragmentReply, (byte)'-', last: false);
        return [];
    }

    private bool TryReplace(ulong position)
    {
        var cursor = _next;
        if (position != 0 && !new ScanCursor(_shard, position).TryEncode(_shards, out cursor))
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(cursor, digits, out var length);
        _replaced.ResetWrittenCount();
        RespWriter.ArrayHeader(_replaced, 2);
        RespWriter.Bulk(_replaced, digits[..length]);
        return true;
    }

    /// <summary>Reads <c>*2\r\n$1\r\n8\r\n</c>.</summary>
    private static bool TryRead(ReadOnlySpan<byte> header, out ulong position, out int used)
    {
        position = 0;
        used = 0;
        var prefix = "*2\r\n$"u8;
        if (!header.StartsWith(prefix))
        {
            return false;
        }

        var length = header[prefix.Length..].IndexOf("\r\n"u8);
        if (length < 0)
        {
            return false;
        }

        var digits = header[(prefix.Length + length + 2)..];
        var end = digits.IndexOf("\r\n"u8);
        used = header.Length - digits.Length + end + 2;
        return end > 0 && Utf8Parser.TryParse(digits[..end], out position, out var parsed) && parsed == end;
    }
}
