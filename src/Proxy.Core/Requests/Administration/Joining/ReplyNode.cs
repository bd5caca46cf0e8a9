using System.Buffers;
using System.Globalization;
using System.Text;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>A whole reply of a server, taken apart. Its texts are views of the bytes it was made of, which must stay as they are.</summary>
internal sealed class ReplyNode
{
    /// <summary>How deep it is looked into: what lies deeper is one piece. Servers' answers to what is joined have four levels.</summary>
    private const int MaxDepth = 32;

    private ReplyNode(byte kind, ReadOnlyMemory<byte> raw, ReadOnlyMemory<byte> text, ReplyNode[] items)
    {
        Kind = kind;
        Raw = raw;
        Text = text;
        Items = items;
    }

    /// <summary>The first byte: <c>+ - : $ * %</c> …</summary>
    public byte Kind { get; }

    /// <summary>The reply as it stands on the wire, without attributes.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The text of what has no items: without type, length and end; of a verbatim string without its format. Empty for null.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>What it is made of; of a map keys and values by turns.</summary>
    public IReadOnlyList<ReplyNode> Items { get; }

    /// <summary>An array, a set or a map, and not null.</summary>
    public bool HasItems => Kind is (byte)'*' or (byte)'~' or (byte)'%';

    /// <summary>An error of any form.</summary>
    public bool IsError => Kind is (byte)'-' or (byte)'!';

    /// <summary><see cref="Text"/> for comparisons: each character is one byte.</summary>
    public string Name => Encoding.Latin1.GetString(Text.Span);

    /// <summary>The keys and values of a map, which version 2 of RESP writes as an array. An odd one at the end is left out.</summary>
    public IEnumerable<KeyValuePair<string, ReplyNode>> Pairs
    {
        get
        {
            for (var i = 0; i + 1 < Items.Count; i += 2)
            {
                yield return KeyValuePair.Create(Items[i].Name, Items[i + 1]);
            }
        }
    }

    /// <summary>The integer that it is, in whatever form; 0 if it is none.</summary>
    public long Integer => long.TryParse(Text.Span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;

    /// <summary>The number that it is, in whatever form; not a number if it is none.</summary>
    public double Number => double.TryParse(Text.Span, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;

    /// <summary>The value of a key of the map that it is; null if it has none.</summary>
    public ReplyNode? this[string key] => Pairs.FirstOrDefault(pair => pair.Key == key).Value;

    /// <summary>Takes a reply apart that a <see cref="ReplyScanner"/> accepted as whole.</summary>
    public static ReplyNode Parse(ReadOnlyMemory<byte> reply)
    {
        var position = 0;
        return Parse(reply, ref position, depth: 1);
    }

    /// <summary>Writes it as it stands on the wire.</summary>
    public void WriteTo(IBufferWriter<byte> output) => output.Write(Raw.Span);

    private static ReplyNode Parse(ReadOnlyMemory<byte> reply, ref int position, int depth)
    {
        var start = position;
        var kind = reply.Span[position];
        if (depth > MaxDepth)
        {
            position += new ReplyReader(reply.Span[position..]).ReadElement().Length;
            return new ReplyNode(kind, reply[start..position], default, []);
        }

        var line = ReadLine(reply, ref position);
        switch (kind)
        {
            case (byte)'$' or (byte)'=' or (byte)'!':
                var text = ReadBulk(reply, line, ref position);
                return new ReplyNode(kind, reply[start..position], kind == (byte)'=' && text.Length >= 4 ? text[4..] : text, []);
            case (byte)'*' or (byte)'~' or (byte)'>' or (byte)'%':
                var items = new ReplyNode[Count(line, kind)];
                for (var i = 0; i < items.Length; i++)
                {
                    items[i] = Parse(reply, ref position, depth + 1);
                }

                return new ReplyNode(kind, reply[start..position], default, items);
            case (byte)'|':
                // Attributes of what follows: it is told without them.
                for (var i = Count(line, kind); i > 0; i--)
                {
                    Parse(reply, ref position, depth + 1);
                }

                return Parse(reply, ref position, depth + 1);
            default:
                return new ReplyNode(kind, reply[start..position], line, []);
        }
    }

    /// <summary>The rest of a line after its type.</summary>
    private static ReadOnlyMemory<byte> ReadLine(ReadOnlyMemory<byte> reply, ref int position)
    {
        var begin = position + 1;
        var length = reply.Span[begin..].IndexOf("\r\n"u8);
        position = begin + length + 2;
        return reply.Slice(begin, length);
    }

    private static ReadOnlyMemory<byte> ReadBulk(ReadOnlyMemory<byte> reply, ReadOnlyMemory<byte> length, ref int position)
    {
        IntegerParser.TryParse(length.Span, out var count);
        if (count < 0)
        {
            return default;
        }

        var begin = position;
        position += (int)count + 2;
        return reply.Slice(begin, (int)count);
    }

    private static int Count(ReadOnlyMemory<byte> line, byte kind)
    {
        IntegerParser.TryParse(line.Span, out var count);
        return (int)Math.Max(0, kind is (byte)'%' or (byte)'|' ? 2 * count : count);
    }
}
