namespace Proxy.Resp;

/// <summary>
/// Checks the text of a RESP3 double, one byte at a time: an optional sign, then `inf`, `nan`, or digits with an optional fraction and an
/// optional exponent (`1`, `-0.5`, `1e+20`).
/// </summary>
internal struct DoubleParser
{
    private State _state;

    private enum State : byte
    {
        Start,
        Sign,
        Integral,
        Dot,
        Fraction,
        Exponent,
        ExponentSign,
        ExponentDigits,
        I,
        In,
        N,
        Na,
        Word,
    }

    /// <summary>Whether what came so far is a whole number.</summary>
    public readonly bool IsComplete => _state is State.Integral or State.Fraction or State.ExponentDigits or State.Word;

    /// <summary>Takes the next byte.</summary>
    /// <returns>Whether what came so far can begin a double. After `false` the parser is of no further use.</returns>
    public bool Push(byte next)
    {
        State? advanced = (_state, next) switch
        {
            (State.Start, (byte)'+' or (byte)'-') => State.Sign,
            (State.Start or State.Sign, (byte)'i') => State.I,
            (State.Start or State.Sign, (byte)'n') => State.N,
            (State.Start or State.Sign or State.Integral, >= (byte)'0' and <= (byte)'9') => State.Integral,
            (State.Integral, (byte)'.') => State.Dot,
            (State.Dot or State.Fraction, >= (byte)'0' and <= (byte)'9') => State.Fraction,
            (State.Integral or State.Fraction, (byte)'e' or (byte)'E') => State.Exponent,
            (State.Exponent, (byte)'+' or (byte)'-') => State.ExponentSign,
            (State.Exponent or State.ExponentSign or State.ExponentDigits, >= (byte)'0' and <= (byte)'9') => State.ExponentDigits,
            (State.I, (byte)'n') => State.In,
            (State.N, (byte)'a') => State.Na,
            (State.In, (byte)'f') or (State.Na, (byte)'n') => State.Word,
            _ => null,
        };
        _state = advanced ?? _state;
        return advanced is not null;
    }
}
