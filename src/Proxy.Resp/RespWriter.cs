using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Proxy.Resp;

/// <summary>Writes RESP: the replies that the proxy makes and the requests that it rewrites.</summary>
/// <remarks>Every method appends to the writer, which the caller owns; the values are copied.</remarks>
internal static class RespWriter
{
    /// <summary>`*`, the digits of a 64-bit number with its sign, CRLF.</summary>
    private const int MaxNumberLine = 1 + 20 + 2;

    /// <summary>`+OK\r\n`. The text must hold neither CR nor LF.</summary>
    public static void SimpleString(IBufferWriter<byte> output, ReadOnlySpan<byte> text) => Line(output, "+"u8, text);

    /// <summary>`-ERR text\r\n`, from the whole line without type and CRLF, which must hold neither CR nor LF.</summary>
    public static void Error(IBufferWriter<byte> output, ReadOnlySpan<byte> text) => Line(output, "-"u8, text);

    /// <summary>`:1\r\n`</summary>
    public static void Integer(IBufferWriter<byte> output, long value) => Number(output, (byte)':', value);

    /// <summary>`$5\r\nhello\r\n`</summary>
    public static void Bulk(IBufferWriter<byte> output, ReadOnlySpan<byte> value)
    {
        Number(output, (byte)'$', value.Length);
        output.Write(value);
        output.Write("\r\n"u8);
    }

    /// <summary>`$5\r\nhello\r\n`, in UTF-8.</summary>
    public static void Bulk(IBufferWriter<byte> output, string value)
    {
        Number(output, (byte)'$', Encoding.UTF8.GetByteCount(value));
        output.Advance(Encoding.UTF8.GetBytes(value, output.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length))));
        output.Write("\r\n"u8);
    }

    /// <summary>`$1\r\n1\r\n`: a number as a bulk string.</summary>
    public static void BulkNumber(IBufferWriter<byte> output, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        Bulk(output, digits[..length]);
    }

    /// <summary>`*-1\r\n`</summary>
    public static void NullArray(IBufferWriter<byte> output) => output.Write("*-1\r\n"u8);

    /// <summary>`*2\r\n`; as many elements must follow.</summary>
    public static void ArrayHeader(IBufferWriter<byte> output, long count) => Number(output, (byte)'*', count);

    /// <summary>`~2\r\n` (RESP3); as many elements must follow.</summary>
    public static void SetHeader(IBufferWriter<byte> output, long count) => Number(output, (byte)'~', count);

    /// <summary>`~2\r\n`, in version 2 of RESP `*2\r\n`; as many elements must follow.</summary>
    public static void SetHeader(IBufferWriter<byte> output, long count, int version) => Number(output, version >= 3 ? (byte)'~' : (byte)'*', count);

    /// <summary>`,1.5\r\n`, in version 2 of RESP `$3\r\n1.5\r\n`, from the number's text.</summary>
    public static void Double(IBufferWriter<byte> output, ReadOnlySpan<byte> text, int version)
    {
        if (version >= 3)
        {
            Line(output, ","u8, text);
        }
        else
        {
            Bulk(output, text);
        }
    }

    /// <summary>`>3\r\n`, in version 2 of RESP `*3\r\n`; as many elements must follow.</summary>
    public static void PushHeader(IBufferWriter<byte> output, long count, int version) => Number(output, version >= 3 ? (byte)'>' : (byte)'*', count);

    /// <summary>`%2\r\n`, in version 2 of RESP `*4\r\n`; as many keys, each with its value, must follow.</summary>
    public static void MapHeader(IBufferWriter<byte> output, long pairs, int version)
    {
        if (version >= 3)
        {
            Number(output, (byte)'%', pairs);
        }
        else
        {
            ArrayHeader(output, 2 * pairs);
        }
    }

    /// <summary>`_\r\n`, in version 2 of RESP `$-1\r\n`: no text.</summary>
    public static void Null(IBufferWriter<byte> output, int version) => output.Write(version >= 3 ? "_\r\n"u8 : "$-1\r\n"u8);

    /// <summary>`_\r\n`, in version 2 of RESP `*-1\r\n`: no array.</summary>
    public static void NullArray(IBufferWriter<byte> output, int version) => output.Write(version >= 3 ? "_\r\n"u8 : "*-1\r\n"u8);

    /// <summary>`=9\r\ntxt:hello\r\n`, in version 2 of RESP `$5\r\nhello\r\n`: a text for people, in UTF-8.</summary>
    public static void Verbatim(IBufferWriter<byte> output, string text, int version) => Verbatim(output, Encoding.UTF8.GetBytes(text), version);

    /// <summary>The same of bytes.</summary>
    public static void Verbatim(IBufferWriter<byte> output, ReadOnlySpan<byte> text, int version)
    {
        if (version < 3)
        {
            Bulk(output, text);
            return;
        }

        Number(output, (byte)'=', "txt:".Length + text.Length);
        output.Write("txt:"u8);
        output.Write(text);
        output.Write("\r\n"u8);
    }

    private static void Line(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> text)
    {
        output.Write(type);
        output.Write(text);
        output.Write("\r\n"u8);
    }

    private static void Number(IBufferWriter<byte> output, byte type, long value)
    {
        var into = output.GetSpan(MaxNumberLine);
        into[0] = type;
        Utf8Formatter.TryFormat(value, into[1..], out var digits);
        into[digits + 1] = (byte)'\r';
        into[digits + 2] = (byte)'\n';
        output.Advance(digits + 3);
    }
}
