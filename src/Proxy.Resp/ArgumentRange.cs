namespace Proxy.Resp;

/// <summary>Where one argument of a request lies, relative to the first byte of its frame.</summary>
/// <param name="HeaderOffset">First byte of the argument's encoding: the `$` of `$3\r\nGET\r\n`.</param>
/// <param name="Offset">First byte of the payload.</param>
/// <param name="Length">Bytes of payload; a CRLF follows it.</param>
internal readonly record struct ArgumentRange(int HeaderOffset, int Offset, int Length)
{
    /// <summary>First byte after the argument's encoding.</summary>
    public int End => Offset + Length + 2;
}
