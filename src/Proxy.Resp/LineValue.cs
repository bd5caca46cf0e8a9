namespace Proxy.Resp;

/// <summary>
/// Checks what stands between the first byte of an element and its CR, one byte at a time: a number, a boolean, nothing (`_`), or the length
/// or count of what follows. A big number is what a script says it is (<c>{big_number='any text'}</c>): only its end is looked for, since what one
/// client asks for must not cost the others their connection.
/// </summary>
/// <param name="type">First byte of the element.</param>
internal struct LineValue(byte type)
{
    private IntegerParser _integer;
    private DoubleParser _double;

    /// <summary>Bytes that came so far.</summary>
    public long Length { get; private set; }

    /// <summary>Whether what came so far is a whole value.</summary>
    public readonly bool IsComplete => type switch
    {
        (byte)',' => _double.IsComplete,
        (byte)'#' => Length == 1,
        (byte)'(' or (byte)'_' => true,
        _ => _integer.TryComplete(out _),
    };

    /// <summary>The integer, length or count, once it is complete.</summary>
    public readonly long Integer
    {
        get
        {
            _integer.TryComplete(out var integer);
            return integer;
        }
    }

    /// <summary>Takes the next byte.</summary>
    /// <returns>Whether what came so far can begin a value. After `false` this is of no further use.</returns>
    public bool Push(byte next)
    {
        Length++;
        return type switch
        {
            (byte)',' => _double.Push(next),
            (byte)'(' => next != (byte)'\n',
            (byte)'#' => Length == 1 && next is (byte)'t' or (byte)'f',
            (byte)'_' => false,
            _ => _integer.Push(next),
        };
    }
}
