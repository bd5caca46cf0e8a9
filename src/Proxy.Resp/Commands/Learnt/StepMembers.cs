namespace Proxy.Resp.Commands.Learnt;

/// <summary>One of the two steps of a key specification in a server's COMMAND reply: `*4 $4 type $5 index $4 spec *2 $5 index :1`.</summary>
internal readonly ref struct StepMembers
{
    private const int NoNumber = -int.MaxValue;

    private readonly ReadOnlySpan<byte> _spec;

    /// <param name="step">One element that a scanner has accepted; valid as long as this is.</param>
    public StepMembers(ReadOnlySpan<byte> step)
    {
        var reader = new ReplyReader(step);
        reader.TryReadArrayHeader(out var count);
        for (var i = 0; i + 1 < count; i += 2)
        {
            var key = ReadKey(ref reader);
            var value = reader.ReadElement();
            if (key.SequenceEqual("type"u8))
            {
                new ReplyReader(value).TryReadText(out var type);
                Type = type;
            }
            else if (key.SequenceEqual("spec"u8))
            {
                _spec = value;
            }
        }
    }

    /// <summary>`index`, `keyword`, `range`, `keynum`; empty if it has none.</summary>
    public ReadOnlySpan<byte> Type { get; }

    /// <summary>A number; one that no position can be if there is none.</summary>
    public long Number(ReadOnlySpan<byte> key) =>
        new ReplyReader(Find(key)).TryReadInteger(out var number) ? Math.Clamp(number, NoNumber, int.MaxValue) : NoNumber;

    /// <summary>A text; empty if there is none.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> key)
    {
        new ReplyReader(Find(key)).TryReadText(out var text);
        return text;
    }

    /// <summary>The next element of a map, its key; empty if that is no text.</summary>
    public static ReadOnlySpan<byte> ReadKey(ref ReplyReader map)
    {
        if (!map.TryReadText(out var key))
        {
            map.ReadElement();
        }

        return key;
    }

    private ReadOnlySpan<byte> Find(ReadOnlySpan<byte> wanted)
    {
        var reader = new ReplyReader(_spec);
        reader.TryReadArrayHeader(out var count);
        for (var i = 0; i + 1 < count; i += 2)
        {
            var key = ReadKey(ref reader);
            var value = reader.ReadElement();
            if (key.SequenceEqual(wanted))
            {
                return value;
            }
        }

        return default;
    }
}
