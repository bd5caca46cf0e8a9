namespace Proxy.Resp;

/// <summary>
/// Splits an inline command into words as Redis does (`sdssplitargs`): blanks separate; `"…"` takes `\n \r \t \b \a \xHH` and `\` before
/// any other byte; `'…'` takes `\'` alone; a closing quote ends its word and must stand before a blank or the end.
/// </summary>
internal ref struct InlineTokenizer
{
    private readonly ReadOnlySpan<byte> _line;
    private int _position;

    /// <param name="line">The line without its end. NUL bytes are data here; the scanner has refused them.</param>
    public InlineTokenizer(ReadOnlySpan<byte> line) => _line = line;

    /// <summary>Whether a quote did not close where it must: the line is no command.</summary>
    public bool Unbalanced { get; private set; }

    /// <summary>Decodes the next word.</summary>
    /// <param name="word">Where to write it; the rest of the line always fits a buffer of the line's length.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>Whether there was a word; look at <see cref="Unbalanced"/> when not.</returns>
    public bool TryNext(Span<byte> word, out int length)
    {
        length = 0;
        while (_position < _line.Length && IsBlank(_line[_position]))
        {
            _position++;
        }

        if (_position == _line.Length)
        {
            return false;
        }

        while (_position < _line.Length)
        {
            var next = _line[_position++];
            switch (next)
            {
                // Other blanks (\v, \f) separate words but do not end one.
                case (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t':
                    return true;
                case (byte)'"':
                    return TryDoubleQuoted(word, ref length);
                case (byte)'\'':
                    return TrySingleQuoted(word, ref length);
                default:
                    word[length++] = next;
                    break;
            }
        }

        return true;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r');

    private static byte Unescape(byte escaped) => escaped switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'b' => (byte)'\b',
        (byte)'a' => (byte)'\a',
        _ => escaped,
    };

    private bool TryDoubleQuoted(Span<byte> word, ref int length)
    {
        while (_position < _line.Length)
        {
            var next = _line[_position++];
            if (next == '"')
            {
                return EndsWord();
            }

            if (next == '\\' && TryHexByte(out var value))
            {
                next = value;
            }
            else if (next == '\\' && _position < _line.Length)
            {
                next = Unescape(_line[_position++]);
            }

            word[length++] = next;
        }

        Unbalanced = true;
        return false;
    }

    private bool TrySingleQuoted(Span<byte> word, ref int length)
    {
        while (_position < _line.Length)
        {
            var next = _line[_position++];
            if (next == '\'')
            {
                return EndsWord();
            }

            if (next == '\\' && _position < _line.Length && _line[_position] == '\'')
            {
                next = _line[_position++];
            }

            word[length++] = next;
        }

        Unbalanced = true;
        return false;
    }

    /// <summary>After a closing quote: a blank or the end must follow.</summary>
    private bool EndsWord()
    {
        Unbalanced = _position < _line.Length && !IsBlank(_line[_position]);
        return !Unbalanced;
    }

    /// <summary>After a backslash: `xHH`.</summary>
    private bool TryHexByte(out byte value)
    {
        value = 0;
        var rest = _line[_position..];
        if (rest.Length < 3 || rest[0] != 'x' || !char.IsAsciiHexDigit((char)rest[1]) || !char.IsAsciiHexDigit((char)rest[2]))
        {
            return false;
        }

        value = (byte)((HexDigit(rest[1]) << 4) | HexDigit(rest[2]));
        _position += 3;
        return true;
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
