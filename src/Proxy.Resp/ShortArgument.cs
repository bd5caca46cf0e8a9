using System.Buffers.Binary;

namespace Proxy.Resp;

/// <summary>
/// The fast path of <see cref="RequestScanner"/> for one argument: whole, right, and of less than ten million bytes. Whatever else stands
/// there goes the general way.
/// </summary>
internal static class ShortArgument
{
    /// <summary>`$0\r\n\r\n`</summary>
    public const int MinLength = 6;

    // Little-endian.
    private const ushort Crlf = 0x0A0D;

    /// <summary>Reads the argument at <paramref name="start"/>.</summary>
    /// <param name="bytes">The frame as far as it is there; the range is relative to its start.</param>
    /// <param name="start">Where the argument's `$` must stand.</param>
    /// <param name="maxLength">Most bytes of payload.</param>
    /// <param name="argument">Where the argument lies.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int start, long maxLength, out ArgumentRange argument)
    {
        // $3\r\nSET\r\n: seven digits and the CR fit into the window.
        argument = default;
        var window = bytes[start..];
        if (window.Length < MinLength || window[0] != '$')
        {
            return false;
        }

        var length = window[1] - '0';
        if ((uint)length > 9)
        {
            return false;
        }

        var digits = 1;
        for (; digits < 7 && window[digits + 1] != '\r'; digits++)
        {
            var digit = window[digits + 1] - '0';
            if ((uint)digit > 9 || length == 0 || window.Length < digits + MinLength)
            {
                return false;
            }

            length = (length * 10) + digit;
        }

        var payload = digits + 3;
        var end = payload + length;
        if (end + 2 > window.Length || length > maxLength || BinaryPrimitives.ReadUInt16LittleEndian(window[(digits + 1)..]) != Crlf
            || BinaryPrimitives.ReadUInt16LittleEndian(window[end..]) != Crlf)
        {
            return false;
        }

        argument = new ArgumentRange(start, start + payload, length);
        return true;
    }
}
