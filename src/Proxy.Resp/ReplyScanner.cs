namespace Proxy.Resp;

/// <summary>
/// Finds the ends of the replies in one server's stream: all types of RESP2 and RESP3, nested up to 1024 deep, without recursion. It is
/// strict, since whoever trusts a broken stream gives a client another client's data.
/// </summary>
/// <remarks>
/// <para>Each byte is fed once and may then be sent on; payloads are skipped by their length without being looked at. It allocates nothing
/// but the stack of aggregates, 16 bytes a level that is there.</para>
/// <para>Streamed types (`$?`, `*?`, `;`, `.`) are errors: no Redis sends them. So is a push inside another reply.</para>
/// </remarks>
internal sealed class ReplyScanner
{
    /// <summary>The limit of clients (hiredis: 1024 since 1.3).</summary>
    public const int MaxDepth = 1024;

    /// <summary>Redis's 512 MB of one value, and room for what DUMP, LCS or a report put around one.</summary>
    public const long DefaultMaxBulkLength = 513L * 1024 * 1024;

    /// <summary>`_\r\n`</summary>
    private const int ShortestElement = 3;

    /// <summary>More levels than this are given back at the end of their reply.</summary>
    private const int KeptLevels = 32;

    private readonly long _maxBulkLength;

    private ReplyLevel[] _levels = new ReplyLevel[4];
    private int _depth;
    private State _state;

    /// <summary>First byte of the element being scanned.</summary>
    private byte _type;
    private IntegerParser _integer;
    private DoubleParser _double;

    /// <summary>Bytes of a text or a number that came so far; bytes of a payload that are still to come.</summary>
    private long _length;
    private bool _hasDigit;

    /// <param name="maxBulkLength">Most bytes of one bulk, text or number; a longer one is an error.</param>
    public ReplyScanner(long maxBulkLength = DefaultMaxBulkLength) => _maxBulkLength = maxBulkLength;

    private enum State : byte
    {
        Type,
        Text,
        Integer,
        Double,
        BigNumber,
        Boolean,
        Null,
        Length,

        /// <summary>The LF of a line whose CR is there.</summary>
        LineEnd,
        Payload,
        PayloadCr,
        PayloadLf,
        Failed,
    }

    /// <summary>First byte of the reply being scanned, or else of the last one; 0 while only its attributes are known.</summary>
    public byte Kind { get; private set; }

    /// <summary>Whether that is a push: out of band, never the reply to a request.</summary>
    public bool IsPush => Kind == '>';

    /// <summary>Whether a reply has begun and not ended.</summary>
    public bool InReply { get; private set; }

    /// <summary>
    /// The fewest bytes that are still to come for the current reply, as far as its headers tell; 0 when nothing is known. It is what the
    /// server declared.
    /// </summary>
    public long BytesExpected
    {
        get
        {
            var elements = 0L;
            foreach (var level in _levels.AsSpan(0, _depth))
            {
                elements += level.Remaining - 1;
            }

            // The innermost level's current element has not begun, or is counted by its payload.
            var current = _state switch
            {
                State.Payload => _length + 2,
                State.PayloadCr => 2,
                State.PayloadLf => 1,
                State.Type when _depth > 0 => ShortestElement,
                _ => 0,
            };
            return current + (elements * ShortestElement);
        }
    }

    /// <summary>After Error: what was wrong, for the log.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Goes on with the current reply.</summary>
    /// <param name="fresh">Bytes that were not fed before, in the order of the stream; not kept.</param>
    /// <param name="consumed">Bytes of <paramref name="fresh"/> that belong to the current reply; after Complete the rest belongs to the next.</param>
    public ReplyScanStatus Scan(ReadOnlySpan<byte> fresh, out int consumed)
    {
        consumed = 0;
        while (consumed < fresh.Length)
        {
            bool ended;
            if (_state == State.Type)
            {
                var length = WholeScalar.Measure(fresh[consumed..], _maxBulkLength);
                if (length > 0)
                {
                    BeginElement(fresh[consumed]);
                    consumed += length;
                    ended = EndElement();
                }
                else
                {
                    ended = Advance(fresh, ref consumed);
                }
            }
            else
            {
                ended = Advance(fresh, ref consumed);
            }

            if (ended)
            {
                return ReplyScanStatus.Complete;
            }

            if (_state == State.Failed)
            {
                return ReplyScanStatus.Error;
            }
        }

        return _state == State.Failed ? ReplyScanStatus.Error : ReplyScanStatus.NeedMore;
    }

    /// <summary>Forgets the stream: the next byte begins a reply, on a new connection.</summary>
    public void Reset()
    {
        _state = State.Type;
        _depth = 0;
        InReply = false;
        Kind = 0;
        Problem = "";
        TrimLevels();
    }

    /// <summary>One step of the general path: takes at least one byte, or fails.</summary>
    /// <returns>Whether the reply ended.</returns>
    private bool Advance(ReadOnlySpan<byte> fresh, ref int position)
    {
        switch (_state)
        {
            case State.Type:
                AdvanceType(fresh[position++]);
                return false;
            case State.Text:
                AdvanceText(fresh, ref position);
                return false;
            case State.Payload:
                AdvancePayload(fresh, ref position);
                return false;
            case State.PayloadCr:
                Expect(fresh[position++], (byte)'\r', State.PayloadLf);
                return false;
            case State.PayloadLf:
                return Expect(fresh[position++], (byte)'\n', State.Type) && EndElement();
            case State.LineEnd:
                return Expect(fresh[position++], (byte)'\n', State.Type) && EndLine();
            case State.Failed:
                return false;
            default:
                AdvanceValue(fresh[position++]);
                return false;
        }
    }

    private void AdvanceType(byte type)
    {
        BeginElement(type);
        _length = 0;
        _integer = default;
        _double = default;
        _hasDigit = false;
        _state = type switch
        {
            (byte)'+' or (byte)'-' => State.Text,
            (byte)':' => State.Integer,
            (byte)'$' or (byte)'*' or (byte)'=' or (byte)'!' or (byte)'%' or (byte)'~' or (byte)'>' or (byte)'|' => State.Length,
            (byte)'_' => State.Null,
            (byte)',' => State.Double,
            (byte)'#' => State.Boolean,
            (byte)'(' => State.BigNumber,
            _ => State.Failed,
        };
        if (_state == State.Failed)
        {
            Fail(type is (byte)';' or (byte)'.' ? $"streamed type '{(char)type}'" : $"byte 0x{type:x2} where a reply must begin");
        }
        else if (type == '>' && _depth > 0)
        {
            Fail("push inside another reply");
        }
    }

    /// <summary>A `+` or `-` line up to its CR.</summary>
    private void AdvanceText(ReadOnlySpan<byte> fresh, ref int position)
    {
        var rest = fresh[position..];
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        var length = end < 0 ? rest.Length : end;
        position += length;
        _length += length;
        if (_length > _maxBulkLength)
        {
            Fail("line longer than the limit");
        }
        else if (end >= 0)
        {
            Expect(fresh[position++], (byte)'\r', State.LineEnd);
        }
    }

    private void AdvancePayload(ReadOnlySpan<byte> fresh, ref int position)
    {
        var length = (int)Math.Min(_length, fresh.Length - position);
        position += length;
        _length -= length;
        _state = _length == 0 ? State.PayloadCr : State.Payload;
    }

    /// <summary>A byte of a number, of a boolean, or of a length; or the CR behind it.</summary>
    private void AdvanceValue(byte next)
    {
        if (next == '\r')
        {
            _state = IsValueComplete() ? State.LineEnd : FailValue();
            return;
        }

        _length++;
        var accepted = _state switch
        {
            State.Integer or State.Length => _integer.Push(next),
            State.Double => _double.Push(next),
            State.BigNumber => AcceptBigNumber(next),
            State.Boolean => _length == 1 && next is (byte)'t' or (byte)'f',
            _ => false,
        };
        if (_state is State.Double or State.BigNumber && _length > _maxBulkLength)
        {
            Fail("line longer than the limit");
        }
        else if (!accepted)
        {
            _state = next == '?' && _state == State.Length ? Fail($"streamed type '{(char)_type}?'") : FailValue();
        }
    }

    private bool AcceptBigNumber(byte next)
    {
        var digit = char.IsAsciiDigit((char)next);
        _hasDigit |= digit;
        return digit || (_length == 1 && next is (byte)'-' or (byte)'+');
    }

    private bool IsValueComplete() => _state switch
    {
        State.Integer or State.Length => _integer.TryComplete(out _),
        State.Double => _double.IsComplete,
        State.BigNumber => _hasDigit,
        State.Boolean => _length == 1,
        _ => true,
    };

    /// <summary>After the CRLF of a line: the element is complete, or its length is known.</summary>
    /// <returns>Whether the reply ended.</returns>
    private bool EndLine() => _type switch
    {
        (byte)'$' or (byte)'=' or (byte)'!' => BeginPayload(),
        (byte)'*' or (byte)'%' or (byte)'~' or (byte)'>' or (byte)'|' => BeginAggregate(),
        _ => EndElement(),
    };

    private bool BeginPayload()
    {
        _integer.TryComplete(out var length);
        if (length == -1 && _type == '$')
        {
            return EndElement();
        }

        // =15\r\ntxt:Some string\r\n: a verbatim string begins with its format.
        if (length < (_type == '=' ? 4 : 0) || length > _maxBulkLength)
        {
            Fail($"length {length} of '{(char)_type}'");
            return false;
        }

        _length = length;
        _state = length == 0 ? State.PayloadCr : State.Payload;
        return false;
    }

    private bool BeginAggregate()
    {
        _integer.TryComplete(out var count);
        if (count == -1 && _type == '*')
        {
            return EndElement();
        }

        if (count is < 0 or > int.MaxValue)
        {
            Fail($"count {count} of '{(char)_type}'");
            return false;
        }

        var isAttribute = _type == '|';
        if (count == 0)
        {
            return !isAttribute && EndElement();
        }

        if (_depth == MaxDepth)
        {
            Fail($"nested deeper than {MaxDepth}");
            return false;
        }

        if (_depth == _levels.Length)
        {
            Array.Resize(ref _levels, _depth * 2);
        }

        _levels[_depth++] = new ReplyLevel(_type is (byte)'%' or (byte)'|' ? count * 2 : count, isAttribute);
        return false;
    }

    private void BeginElement(byte type)
    {
        _type = type;
        if (_depth == 0)
        {
            InReply = true;
            Kind = type == '|' ? (byte)0 : type;
        }
    }

    /// <summary>Counts an element that is complete, and all aggregates that it completes.</summary>
    /// <returns>Whether the reply ended.</returns>
    private bool EndElement()
    {
        _state = State.Type;
        while (_depth > 0)
        {
            ref var level = ref _levels[_depth - 1];
            level = level with { Remaining = level.Remaining - 1 };
            if (level.Remaining > 0)
            {
                return false;
            }

            _depth--;
            if (level.IsAttribute)
            {
                // The element that it belongs to follows.
                return false;
            }
        }

        InReply = false;
        TrimLevels();
        return true;
    }

    private void TrimLevels()
    {
        if (_levels.Length > KeptLevels)
        {
            _levels = new ReplyLevel[4];
        }
    }

    private bool Expect(byte found, byte expected, State next)
    {
        if (found != expected)
        {
            Fail($"byte 0x{found:x2} where CRLF must stand, in '{(char)_type}'");
            return false;
        }

        _state = next;
        return true;
    }

    private State FailValue() => Fail($"bad value or length of '{(char)_type}'");

    private State Fail(string problem)
    {
        Problem = problem;
        return _state = State.Failed;
    }
}
