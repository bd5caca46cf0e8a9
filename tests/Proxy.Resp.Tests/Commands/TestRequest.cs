using System.Buffers;
using System.Text;

namespace Proxy.Resp.Tests.Commands;

/// <summary>A request written as text, its bytes and what a scanner would learn of them.</summary>
internal sealed class TestRequest
{
    private readonly byte[] _bytes;
    private readonly ArgumentRange[] _arguments;

    public TestRequest(params IReadOnlyList<string> arguments)
    {
        var bytes = new ArrayBufferWriter<byte>();
        RespWriter.ArrayHeader(bytes, arguments.Count);
        _arguments = new ArgumentRange[arguments.Count];
        for (var i = 0; i < arguments.Count; i++)
        {
            var header = bytes.WrittenCount;
            var value = Encoding.Latin1.GetBytes(arguments[i]);
            RespWriter.Bulk(bytes, value);
            _arguments[i] = new ArgumentRange(header, bytes.WrittenCount - value.Length - 2, value.Length);
        }

        _bytes = bytes.WrittenSpan.ToArray();
    }

    public RequestFrame Frame => new(_bytes, _arguments);

    /// <summary>`MIGRATE h 1 "" 0 1`: arguments between blanks, `""` for an empty one.</summary>
    public static TestRequest Parse(string line) => new([.. line.Split(' ').Select(argument => argument == "\"\"" ? "" : argument)]);
}
