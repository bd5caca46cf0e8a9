namespace Proxy.Resp;

/// <summary>
/// Finds the ends of the replies in one server's stream: all types of RESP2 and RESP3, nested up to 8192 deep, without recursion. It is
/// strict, since whoever trusts a broken stream gives a client another client's data.
/// </summary>
/// <remarks>
/// <para>Each byte is fed once and may then be sent on; payloads are skipped by their length without being looked at. It allocates nothing
/// but the stack of aggregates, 16 bytes a level that is there.</para>
/// <para>Streamed types (`$?`, `*?`, `;`, `.`) are errors: no Redis sends them. So is a push inside another reply.</para>
/// </remarks>
internal sealed class ReplyScanner
{
    /// <summary>
    /// More than a script can return: a table that holds itself comes as some 8,000 levels, as many as Lua's stack has (LUAI_MAXCSTACK). What one
    /// client asks for must not cost the others their connection.
    /// </summary>
    public const int MaxDepth = 8192;

    /// <summary>Redis's 512 MB of one value, and room for what DUMP, LCS or a report put around one.</summary>
    public const long DefaultMaxBulkLength = 513L * 1024 * 1024;

    /// <summary>`_\r\n`</summary>
    private const int ShortestElement = 3;

    private readonly long _maxBulkLength;

    private ReplyNesting _nesting = new();
    private State _state;

    /// <summary>First byte of the element being scanned.</summary>
    private byte _type;
    private LineValue _value;

    /// <summary>Bytes of a text that came so far; bytes of a payload that are still to come.</summary>
    private long _length;

    /// <param name="maxBulkLength">Most bytes of one bulk, text or number; a longer one is an error.</param>
    public ReplyScanner(long maxBulkLength = DefaultMaxBulkLength) => _maxBulkLength = maxBulkLength;

    private enum State : byte
    {
        Type,
        Text,

        /// <summary>What a <see cref="LineValue"/> checks, or the CR behind it.</summary>
        Value,

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

    /// <summary>Whether the value of the element is the length or the count of what follows.</summary>
    private bool HasLength => _type is not ((byte)':' or (byte)',' or (byte)'(' or (byte)'#' or (byte)'_');

    /// <summary>
    /// The fewest bytes that are still to come for the current reply, as far as its headers tell; 0 when nothing is known. It is what the
    /// server declared.
    /// </summary>
    public long BytesExpected
    {
        get
        {
            // The innermost level's current element has not begun, or is counted by its payload.
            var current = _state switch
            {
                State.Payload => _length + 2,
                State.PayloadCr => 2,
                State.PayloadLf => 1,
                State.Type when _nesting.Depth > 0 => ShortestElement,
                _ => 0,
            };
            return current + (_nesting.Expected * ShortestElement);
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
        _nesting.Clear();
        InReply = false;
        Kind = 0;
        Problem = "";
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
        _value = new LineValue(type);
        _state = type switch
        {
            (byte)'+' or (byte)'-' => State.Text,
            (byte)':' or (byte)',' or (byte)'(' or (byte)'#' or (byte)'_'
                or (byte)'$' or (byte)'*' or (byte)'=' or (byte)'!' or (byte)'%' or (byte)'~' or (byte)'>' or (byte)'|' => State.Value,
            _ => State.Failed,
        };
        if (_state == State.Failed)
        {
            Fail(type is (byte)';' or (byte)'.' ? $"streamed type '{(char)type}'" : $"byte 0x{type:x2} where a reply must begin");
        }
        else if (type == '>' && _nesting.Depth > 0)
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
            _state = _value.IsComplete ? State.LineEnd : FailValue();
            return;
        }

        var accepted = _value.Push(next);
        if (_type is (byte)',' or (byte)'(' && _value.Length > _maxBulkLength)
        {
            Fail("line longer than the limit");
        }
        else if (!accepted)
        {
            _state = next == '?' && HasLength ? Fail($"streamed type '{(char)_type}?'") : FailValue();
        }
    }

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
        var length = _value.Integer;
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
        var count = _value.Integer;
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

        if (_nesting.Depth == MaxDepth)
        {
            Fail($"nested deeper than {MaxDepth}");
            return false;
        }

        _nesting.Enter(new ReplyLevel(_type is (byte)'%' or (byte)'|' ? count * 2 : count, isAttribute));
        return false;
    }

    private void BeginElement(byte type)
    {
        _type = type;
        if (_nesting.Depth == 0)
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
        if (_nesting.Depth > 0 && !_nesting.EndElement())
        {
            return false;
        }

        InReply = false;
        return true;
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
