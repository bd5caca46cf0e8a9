using System.Buffers;
using System.Text;

namespace Proxy.Resp;

/// <summary>
/// Writes one error reply, `-ERR …\r\n`, from fixed text and from values that others chose. In those CR and LF become blanks, as in Redis:
/// otherwise a command's name or a server's answer could end the line and begin a reply of its own.
/// </summary>
/// <remarks>It writes straight into <paramref name="output"/>, which the caller owns and sends.</remarks>
internal readonly ref struct ErrorLine(IBufferWriter<byte> output)
{
    /// <summary>Appends text that is known to hold neither CR nor LF.</summary>
    public ErrorLine Text(ReadOnlySpan<byte> text)
    {
        output.Write(text);
        return this;
    }

    /// <summary>Appends bytes of unknown origin.</summary>
    public ErrorLine Value(ReadOnlySpan<byte> value)
    {
        var into = output.GetSpan(value.Length + 1)[..value.Length];
        value.CopyTo(into);
        Clean(into);
        output.Advance(value.Length);
        return this;
    }

    /// <summary>Appends a name of the configuration or of a table, as UTF-8.</summary>
    public ErrorLine Value(string value)
    {
        var into = output.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length));
        var length = Encoding.UTF8.GetBytes(value, into);
        Clean(into[..length]);
        output.Advance(length);
        return this;
    }

    /// <summary>Appends bytes of unknown origin as C prints a string: up to a NUL, and no more than <paramref name="limit"/>.</summary>
    /// <returns>The bytes appended.</returns>
    public int CString(ReadOnlySpan<byte> value, int limit)
    {
        var end = value.IndexOf((byte)0);
        var length = Math.Min(end < 0 ? value.Length : end, limit);
        Value(value[..length]);
        return length;
    }

    /// <summary>Ends the line.</summary>
    public void End() => output.Write("\r\n"u8);

    private static void Clean(Span<byte> value)
    {
        value.Replace((byte)'\r', (byte)' ');
        value.Replace((byte)'\n', (byte)' ');
    }
}
