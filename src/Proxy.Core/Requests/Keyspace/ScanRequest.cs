using System.Buffers;
using System.Buffers.Text;
using Proxy.Core.Backends;
using Proxy.Core.Requests.Forwarding;
using Proxy.Resp;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>
/// A SCAN at one of several servers: the keys pass through as they come, the head before them is replaced. Few keys of a server that has no more
/// are kept, and come before those of the next.
/// <code>
///   *2 $1 8 *2 $1 a $1 b     ─▶   *2 $4 8193 *2 $1 a $1 b        there is more on server 1
///   *2 $1 0 *10 $1 c …       ─▶   *2 $1 2 *10 $1 c …             the next is server 2
///   *2 $1 0 *1 $1 c          ─▶   SCAN 0 to server 2             fewer than COUNT: that one's keys too
/// </code>
/// </summary>
internal sealed class ScanRequest : ForwardedRequest
{
    /// <summary><c>*2\r\n$20\r\n</c>, the digits of a 64-bit number, CRLF, <c>*</c>, as many digits again, CRLF.</summary>
    private const int MaxHeader = 4 + 5 + 20 + 2 + 1 + 20 + 2;

    /// <summary>Bytes of keys that are kept; with more the client gets what there is.</summary>
    private const int MaxKept = 16 * 1024;

    private readonly ScanCommand _scan;
    private readonly byte[] _header = new byte[MaxHeader];
    private readonly ArrayBufferWriter<byte> _replaced = new(MaxHeader);
    private readonly ArrayBufferWriter<byte> _kept = new();
    private ScanWalk? _walk;
    private int _length;
    private State _state;
    private int _shard;
    private ulong _cursor;
    private long _count;
    private int _keptBefore;
    private long _countBefore;

    public ScanRequest(FreeList<ForwardedRequest> home, ScanCommand scan)
        : base(home)
    {
        _scan = scan;
    }

    private enum State
    {
        Header,

        /// <summary>The keys are kept until the reply is whole.</summary>
        Keeping,
        Keys,

        /// <summary>The client was told that the reply makes no sense; the rest of it is dropped.</summary>
        Broken,
    }

    /// <summary>The encoded keys that were kept.</summary>
    public ReadOnlySpan<byte> Kept => _kept.WrittenSpan;

    private bool IsFirst => _walk is { HasGoneOn: false };

    /// <summary>Makes it the way back to <paramref name="pending"/>.</summary>
    /// <param name="pending">The request's place.</param>
    /// <param name="walk">From which server it leads to which.</param>
    /// <param name="shard">Which server is asked.</param>
    public void Begin(PendingRequest pending, ScanWalk walk, int shard)
    {
        Begin(pending);
        _walk = walk;
        _shard = shard;
        _length = 0;
        _state = State.Header;
        _kept.ResetWrittenCount();
        _keptBefore = 0;
        _count = 0;
        _countBefore = 0;
    }

    /// <summary>It was preceded by other servers.</summary>
    /// <param name="kept">Their keys, encoded; copied.</param>
    /// <param name="count">How many these are.</param>
    public void StartWith(ReadOnlySpan<byte> kept, long count)
    {
        _kept.Write(kept);
        _keptBefore = kept.Length;
        _countBefore = count;
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (kind == '-' && _state == State.Header)
        {
            TakeError(bytes, last);
            return;
        }

        if (_state == State.Header)
        {
            bytes = TakeHeader(bytes, last);
        }

        if (_state == State.Keeping && !TryKeep(ref bytes, last))
        {
            return;
        }

        base.OnReply(_state is State.Keys ? bytes : [], kind, last);
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        if (IsFirst || _state is State.Keys or State.Broken)
        {
            base.OnFailure(failure);
            return;
        }

        AnswerWithoutThis();
        ReleaseHold();
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        _walk = null;
        base.Recycle();
    }

    /// <summary>An error says what a server says. What others said before is told first: who goes on from there gets the error.</summary>
    private void TakeError(ReadOnlySpan<byte> bytes, bool last)
    {
        if (IsFirst)
        {
            base.OnReply(bytes, (byte)'-', last);
        }
        else
        {
            AnswerWithoutThis();
        }
    }

    private void AnswerWithoutThis()
    {
        WriteHead((ulong)_shard, _countBefore);
        base.OnReply(_kept.WrittenSpan[.._keptBefore], (byte)'*', last: true);
    }

    /// <returns>What follows the header.</returns>
    private ReadOnlySpan<byte> TakeHeader(ReadOnlySpan<byte> bytes, bool last)
    {
        var before = _length;
        var taken = Math.Min(bytes.Length, MaxHeader - _length);
        bytes[..taken].CopyTo(_header.AsSpan(_length));
        _length += taken;
        if (TryRead(_header.AsSpan(0, _length), out var position, out var count, out var used))
        {
            if (TryBegin(position, count))
            {
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

    private bool TryBegin(ulong position, long count)
    {
        var walk = _walk!;
        _count = _countBefore + count;
        _cursor = walk.CursorAfter(_shard);
        if (position != 0 && !new ScanCursor(_shard, position).TryEncode(walk.Snapshot.Shards.Length, out _cursor))
        {
            return false;
        }

        if (position == 0 && walk.GoesOn(_shard, _count))
        {
            _state = State.Keeping;
        }
        else
        {
            LetOut();
        }

        return true;
    }

    /// <summary>Keeps keys.</summary>
    /// <param name="bytes">The next; none once they are kept.</param>
    /// <param name="last">No more follow.</param>
    /// <returns>False while nothing is to be answered yet, or the next server is to answer.</returns>
    private bool TryKeep(ref ReadOnlySpan<byte> bytes, bool last)
    {
        if (_kept.WrittenCount + bytes.Length <= MaxKept)
        {
            _kept.Write(bytes);
            bytes = [];
            if (!last)
            {
                return false;
            }

            if (Pending is { } pending && _scan.TryGoOn(pending, _walk!, _shard, this, _count))
            {
                Pending = null;
                return false;
            }
        }

        LetOut();
        return true;
    }

    private void LetOut()
    {
        _state = State.Keys;
        WriteHead(_cursor, _count);
        base.OnReply(_kept.WrittenSpan, (byte)'*', last: false);
    }

    private void WriteHead(ulong cursor, long count)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(cursor, digits, out var length);
        _replaced.ResetWrittenCount();
        RespWriter.ArrayHeader(_replaced, 2);
        RespWriter.Bulk(_replaced, digits[..length]);
        RespWriter.ArrayHeader(_replaced, count);
        base.OnReply(_replaced.WrittenSpan, (byte)'*', last: false);
    }

    /// <summary>Reads <c>*2\r\n$1\r\n8\r\n*2\r\n</c>.</summary>
    private static bool TryRead(ReadOnlySpan<byte> header, out ulong position, out long count, out int used)
    {
        position = 0;
        count = 0;
        used = 0;
        var rest = header;
        return TryTake(ref rest, "*2\r\n$"u8, out _)
            && TryTake(ref rest, [], out position)
            && TryTake(ref rest, "*"u8, out var keys)
            && (used = header.Length - rest.Length) > 0
            && (count = (long)keys) >= 0;
    }

    /// <summary>Takes what has to stand there, and a number with its CRLF.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> prefix, out ulong number)
    {
        number = 0;
        if (!rest.StartsWith(prefix))
        {
            return false;
        }

        var digits = rest[prefix.Length..];
        var end = digits.IndexOf("\r\n"u8);
        if (end <= 0 || !Utf8Parser.TryParse(digits[..end], out number, out var parsed) || parsed != end)
        {
            return false;
        }

        rest = digits[(end + 2)..];
        return true;
    }
}
