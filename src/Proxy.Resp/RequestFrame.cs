namespace Proxy.Resp;

/// <summary>
/// One request in canonical form: an array of bulk strings, every length without sign or leading zeros, every bulk ended by CRLF. It can be
/// sent to a server as it stands.
/// </summary>
/// <remarks>A view: it owns nothing and is valid only during the call that hands it out. What must outlive the call is copied.</remarks>
internal readonly ref struct RequestFrame
{
    private readonly ReadOnlySpan<ArgumentRange> _arguments;

    /// <param name="bytes">The whole frame, `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`.</param>
    /// <param name="arguments">One range for each argument, in order, relative to the start of <paramref name="bytes"/>.</param>
    public RequestFrame(ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgumentRange> arguments)
    {
        Bytes = bytes;
        _arguments = arguments;
    }

    /// <summary>The whole frame, `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Number of arguments, the command's name included; at least 1.</summary>
    public int Count => _arguments.Length;

    /// <summary>Payload of an argument; 0 is the command's name.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var argument = _arguments[index];
            return Bytes.Slice(argument.Offset, argument.Length);
        }
    }

    /// <summary>An argument as it stands on the wire, header to CRLF: `$1\r\na\r\n`.</summary>
    public ReadOnlySpan<byte> Encoded(int index) => EncodedFrom(index, 1);

    /// <summary>Consecutive arguments as they stand on the wire, in one span; empty for <paramref name="count"/> 0.</summary>
    public ReadOnlySpan<byte> EncodedFrom(int first, int count)
    {
        if (count == 0)
        {
            return default;
        }

        var start = _arguments[first].HeaderOffset;
        return Bytes[start.._arguments[first + count - 1].End];
    }
}
