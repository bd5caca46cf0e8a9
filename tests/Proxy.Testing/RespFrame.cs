using System.Text;

namespace Proxy.Testing;

/// <summary>RESP for tests, written apart from the product's: encodes requests and finds where a reply or request ends.</summary>
public static class RespFrame
{
    /// <summary>A request as Redis clients write it. Each character of an argument is one byte (Latin-1).</summary>
    public static byte[] Request(params ReadOnlySpan<string> arguments)
    {
        var text = new StringBuilder();
        text.Append('*').Append(arguments.Length).Append("\r\n");
        foreach (var argument in arguments)
        {
            text.Append('$').Append(argument.Length).Append("\r\n").Append(argument).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    /// <summary>A bulk string reply: <c>$3\r\nabc\r\n</c>.</summary>
    public static string Bulk(string value) => $"${value.Length}\r\n{value}\r\n";

    /// <summary>An array reply of bulk strings, null for a null bulk.</summary>
    public static string Array(params ReadOnlySpan<string?> values)
    {
        var text = new StringBuilder($"*{values.Length}\r\n");
        foreach (var value in values)
        {
            text.Append(value is null ? "$-1\r\n" : Bulk(value));
        }

        return text.ToString();
    }

    /// <summary>
    /// The length of the whole RESP2 or RESP3 value at the start of <paramref name="bytes"/>; 0 when it is not complete yet.
    /// </summary>
    /// <exception cref="FormatException">The bytes are not RESP.</exception>
    public static int Length(ReadOnlySpan<byte> bytes)
    {
        long open = 1; // values still to come
        var at = 0;
        while (open > 0)
        {
            var lineLength = bytes[at..].IndexOf("\r\n"u8);
            if (lineLength < 0)
            {
                return 0;
            }

            var line = bytes.Slice(at, lineLength);
            at += lineLength + 2;
            open--;
            switch (lineLength == 0 ? (byte)0 : line[0])
            {
                case (byte)'+' or (byte)'-' or (byte)':' or (byte)'_' or (byte)',' or (byte)'#' or (byte)'(':
                    break;
                case (byte)'$' or (byte)'!' or (byte)'=':
                    var length = Number(line);
                    if (length >= 0)
                    {
                        at += (int)length + 2;
                    }

                    break;
                case (byte)'*' or (byte)'~' or (byte)'>':
                    open += Math.Max(0, Number(line));
                    break;
                case (byte)'%':
                    open += 2 * Math.Max(0, Number(line));
                    break;
                case (byte)'|':
                    open += (2 * Math.Max(0, Number(line))) + 1;
                    break;
                default:
                    throw new FormatException($"not RESP: {Encoding.Latin1.GetString(line)}");
            }

            if (at > bytes.Length)
            {
                return 0;
            }
        }

        return at;
    }

    /// <summary>The arguments of a whole request (an array of bulk strings).</summary>
    public static string[] Arguments(ReadOnlySpan<byte> request)
    {
        var text = Encoding.Latin1.GetString(request);
        var at = text.IndexOf("\r\n", StringComparison.Ordinal) + 2;
        var arguments = new string[int.Parse(text.AsSpan(1, at - 3))];
        for (var i = 0; i < arguments.Length; i++)
        {
            var end = text.IndexOf("\r\n", at, StringComparison.Ordinal);
            var length = int.Parse(text.AsSpan(at + 1, end - at - 1));
            arguments[i] = text.Substring(end + 2, length);
            at = end + 2 + length + 2;
        }

        return arguments;
    }

    private static long Number(ReadOnlySpan<byte> line) => long.Parse(Encoding.Latin1.GetString(line[1..]));
}
