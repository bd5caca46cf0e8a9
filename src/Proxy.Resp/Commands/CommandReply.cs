using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Proxy.Resp.Commands;

/// <summary>Writes the values of which COMMAND's replies are made, in the client's version of RESP: maps and sets are arrays in version 2.</summary>
/// <param name="output">Where the reply goes.</param>
/// <param name="protocol">2 or 3.</param>
internal readonly ref struct CommandReply(IBufferWriter<byte> output, int protocol)
{
    private readonly IBufferWriter<byte> _output = output;
    private readonly bool _resp3 = protocol >= 3;

    /// <summary>`*2\r\n`; so many values have to follow.</summary>
    public void Array(int count) => Header('*', count);

    /// <summary>`%1\r\n`, in version 2 `*2\r\n`; so many keys with their values have to follow.</summary>
    public void Map(int count) => Header(_resp3 ? '%' : '*', _resp3 ? count : 2 * count);

    /// <summary>`~2\r\n`, in version 2 `*2\r\n`; so many values have to follow.</summary>
    public void Set(int count) => Header(_resp3 ? '~' : '*', count);

    /// <summary>`:5\r\n`.</summary>
    public void Integer(int value) => Header(':', value);

    /// <summary>`$-1\r\n`, in version 3 `_\r\n`.</summary>
    public void Null() => _output.Write(_resp3 ? "_\r\n"u8 : "$-1\r\n"u8);

    /// <summary>A whole line with its CRLF.</summary>
    public void Line(ReadOnlySpan<byte> line) => _output.Write(line);

    /// <summary>`$3\r\nGET\r\n`.</summary>
    public void Bulk(ReadOnlySpan<byte> text)
    {
        Header('$', text.Length);
        _output.Write(text);
        _output.Write("\r\n"u8);
    }

    public void Bulk(string text)
    {
        Header('$', Encoding.UTF8.GetByteCount(text));
        Text(text);
    }

    /// <summary>`+readonly\r\n`.</summary>
    public void Status(string text)
    {
        _output.Write("+"u8);
        Text(text);
    }

    private void Text(string text)
    {
        Encoding.UTF8.GetBytes(text, _output);
        _output.Write("\r\n"u8);
    }

    private void Header(char kind, int value)
    {
        var room = _output.GetSpan(16);
        room[0] = (byte)kind;
        Utf8Formatter.TryFormat(value, room[1..], out var digits);
        "\r\n"u8.CopyTo(room[(1 + digits)..]);
        _output.Advance(digits + 3);
    }
}
