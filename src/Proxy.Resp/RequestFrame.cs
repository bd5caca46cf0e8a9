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
    /// <param name="detached">The argument whose payload is missing in <paramref name="bytes"/>; -1 for none.</param>
    public RequestFrame(ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgumentRange> arguments, int detached = -1)
    {
        Bytes = bytes;
        _arguments = arguments;
        DetachedArgument = detached;
    }

    /// <summary>
    /// The argument whose payload is kept elsewhere because it is large: here it has its header and its CRLF and no bytes between them.
    /// -1 when the frame is all there.
    /// </summary>
    public int DetachedArgument { get; }

    /// <summary>Where in <see cref="Bytes"/> the payload of <see cref="DetachedArgument"/> belongs.</summary>
    public int DetachedAt => _arguments[DetachedArgument].Offset;

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
