using System.Buffers;
using System.Text;

namespace Proxy.Resp.Commands;

/// <summary>Writes the values of which COMMAND's replies are made, in the client's version of RESP: maps and sets are arrays in version 2.</summary>
/// <param name="output">Where the reply goes.</param>
/// <param name="protocol">2 or 3.</param>
internal readonly ref struct CommandReply(IBufferWriter<byte> output, int protocol)
{
    private readonly IBufferWriter<byte> _output = output;
    private readonly int _protocol = protocol;

    /// <summary>`*2\r\n`; so many values have to follow.</summary>
    public void Array(int count) => RespWriter.ArrayHeader(_output, count);

    /// <summary>`%1\r\n`, in version 2 `*2\r\n`; so many keys with their values have to follow.</summary>
    public void Map(int count) => RespWriter.MapHeader(_output, count, _protocol);

    /// <summary>`~2\r\n`, in version 2 `*2\r\n`; so many values have to follow.</summary>
    public void Set(int count)
    {
        if (_protocol >= 3)
        {
            RespWriter.SetHeader(_output, count);
        }
        else
        {
            RespWriter.ArrayHeader(_output, count);
        }
    }

    /// <summary>`:5\r\n`.</summary>
    public void Integer(int value) => RespWriter.Integer(_output, value);

    /// <summary>`_\r\n`, in version 2 `$-1\r\n`.</summary>
    public void Null() => RespWriter.Null(_output, _protocol);

    /// <summary>A whole reply of <see cref="Replies"/>.</summary>
    public void Fixed(ReadOnlySpan<byte> reply) => _output.Write(reply);

    /// <summary>`$3\r\nGET\r\n`.</summary>
    public void Bulk(ReadOnlySpan<byte> text) => RespWriter.Bulk(_output, text);

    /// <summary>`$3\r\nGET\r\n`, in UTF-8.</summary>
    public void Bulk(string text) => RespWriter.Bulk(_output, text);

    /// <summary>`+readonly\r\n`.</summary>
    public void Status(string text)
    {
        Span<byte> ascii = stackalloc byte[64];
        var length = Encoding.ASCII.GetBytes(text, ascii);
        RespWriter.SimpleString(_output, ascii[..length]);
    }
}
