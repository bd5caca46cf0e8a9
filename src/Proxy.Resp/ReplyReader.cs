using System.Diagnostics.CodeAnalysis;

namespace Proxy.Resp;

/// <summary>
/// Reads a complete reply that a <see cref="ReplyScanner"/> has accepted, element by element and without copying: what joins the replies
/// of fragments takes whole encoded elements or numbers from it.
/// </summary>
/// <remarks>A view: what it returns is valid as long as the bytes given to it. Bytes that no scanner accepted make it throw.</remarks>
internal ref struct ReplyReader
{
    /// <summary>A type, the digits of a 64-bit number with its sign, CRLF: no header of an aggregate is longer.</summary>
    public const int MaxHeaderLength = 1 + 20 + 2;

    private readonly ReadOnlySpan<byte> _reply;
    private int _position;

    /// <param name="reply">One complete reply, or several.</param>
    public ReplyReader(ReadOnlySpan<byte> reply) => _reply = reply;

    /// <summary>Whether everything was read.</summary>
    public readonly bool AtEnd => _position == _reply.Length;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>First byte of the next element, `|` if it has attributes; 0 at the end.</summary>
    public readonly byte Type => AtEnd ? (byte)0 : _reply[_position];

    /// <summary>Whether a whole reply is an error: `-…`, or RESP3's `!`.</summary>
    public static bool IsError(ReadOnlySpan<byte> reply) => !reply.IsEmpty && reply[0] is (byte)'-' or (byte)'!';

    /// <summary>Text of a whole error reply, without type, length and CRLF: `LOADING Redis is loading the dataset in memory`.</summary>
    public static ReadOnlySpan<byte> ErrorText(ReadOnlySpan<byte> reply)
    {
        var reader = new ReplyReader(reply);
        reader.TryReadText(out var text);
        return text;
    }

    /// <summary>First word of a whole error reply: `LOADING`.</summary>
    public static ReadOnlySpan<byte> ErrorPrefix(ReadOnlySpan<byte> reply)
    {
        var text = ErrorText(reply);
        var end = text.IndexOf((byte)' ');
        return end < 0 ? text : text[..end];
    }

    /// <summary>Reads `*n\r\n`; its elements follow.</summary>
    /// <returns>Whether that came next; if not, nothing was read. A null array has <paramref name="count"/> -1.</returns>
    public bool TryReadArrayHeader(out int count)
    {
        var isArray = Type == '*';
        count = isArray ? (int)ReadNumberLine() : 0;
        return isArray;
    }

    /// <summary>Reads `*n\r\n` or, of a set in RESP3, `~n\r\n`; its elements follow.</summary>
    /// <returns>Whether that came next; if not, nothing was read.</returns>
    public bool TryReadListHeader(out int count)
    {
        var isList = Type is (byte)'*' or (byte)'~';
        count = isList ? (int)ReadNumberLine() : 0;
        return isList;
    }

    /// <summary>Reads `,1.5\r\n`, or the same as a text.</summary>
    /// <returns>Whether that came next; if not, nothing was read.</returns>
    public bool TryReadDoubleText(out ReadOnlySpan<byte> text)
    {
        if (Type != ',')
        {
            return TryReadText(out text);
        }

        text = ReadLine();
        return true;
    }

    /// <summary>Reads the header of an array, a set or a map; its elements follow.</summary>
    /// <param name="elements">How many: of a map, keys and values.</param>
    /// <returns>Whether that came next; if not, nothing was read. A null array has none.</returns>
    public bool TryReadAggregateHeader(out long elements)
    {
        var type = Type;
        var isAggregate = type is (byte)'*' or (byte)'~' or (byte)'%';
        elements = isAggregate ? Math.Max(0, ReadNumberLine()) * (type == '%' ? 2 : 1) : 0;
        return isAggregate;
    }

    /// <summary>Reads `:n\r\n`.</summary>
    /// <returns>Whether that came next; if not, nothing was read.</returns>
    public bool TryReadInteger(out long value)
    {
        var isInteger = Type == ':';
        value = isInteger ? ReadNumberLine() : 0;
        return isInteger;
    }

    /// <summary>Reads a text of any encoding: `+`, `-`, `$`, `!`, or `=` with its format.</summary>
    /// <returns>Whether that came next and is not null; if not, nothing was read.</returns>
    public bool TryReadText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (Type is (byte)'+' or (byte)'-')
        {
            text = ReadLine();
            return true;
        }

        if (Type is not ((byte)'$' or (byte)'!' or (byte)'=') || _reply[_position + 1] == '-')
        {
            return false;
        }

        var length = (int)ReadNumberLine();
        text = _reply.Slice(_position, length);
        _position += length + 2;
        return true;
    }

    /// <summary>Reads the next element whatever it is, with its attributes and everything inside it.</summary>
    /// <returns>The element as it stands on the wire.</returns>
    public ReadOnlySpan<byte> ReadElement()
    {
        var start = _position;
        for (var remaining = 1L; remaining > 0; remaining--)
        {
            switch (Type)
            {
                case (byte)'$' or (byte)'!' or (byte)'=':
                    var length = ReadNumberLine();
                    _position += length < 0 ? 0 : (int)length + 2;
                    break;
                case (byte)'*' or (byte)'~' or (byte)'>':
                    remaining += Math.Max(0, ReadNumberLine());
                    break;
                case (byte)'%':
                    remaining += 2 * ReadNumberLine();
                    break;
                case (byte)'|':
                    // The attributes, and the element that they belong to.
                    remaining += (2 * ReadNumberLine()) + 1;
                    break;
                default:
                    ReadLine();
                    break;
            }
        }

        return _reply[start.._position];
    }

    private long ReadNumberLine()
    {
        if (!IntegerParser.TryParse(ReadLine(), out var value))
        {
            ThrowNotScanned();
        }

        return value;
    }

    /// <summary>The rest of a line after its type.</summary>
    private ReadOnlySpan<byte> ReadLine()
    {
        var rest = _reply[_position..];
        var end = rest.IndexOf("\r\n"u8);
        if (end < 1)
        {
            ThrowNotScanned();
        }

        _position += end + 2;
        return rest[1..end];
    }

    [DoesNotReturn]
    private static void ThrowNotScanned() => throw new InvalidOperationException("Not a complete reply.");
}
