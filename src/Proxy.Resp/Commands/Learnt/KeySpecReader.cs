using System.Collections.Immutable;

namespace Proxy.Resp.Commands.Learnt;

/// <summary>
/// Reads a key specification of a server's COMMAND reply in RESP2: `*6 $5 flags *2 +RO +access $12 begin_search *4 $4 type $5 index $4 spec *2 $5
/// index :1 $9 find_keys *4 $4 type $5 range $4 spec *6 $7 lastkey :0 $7 keystep :1 $5 limit :0`.
/// </summary>
/// <remarks>What it returns can be applied to any request: a step whose numbers make no sense is an unknown step.</remarks>
internal static class KeySpecReader
{
    /// <summary>No command of anybody has a key at a fixed place behind this one.</summary>
    private const int MaxPosition = 1024;

    private const KeySpecFlags Everything = KeySpecFlags.ReadsAndWrites | KeySpecFlags.Access | KeySpecFlags.Update;

    /// <summary>Keys that nobody knows how to find.</summary>
    public static readonly KeySpec Unknown = new(
        Everything | KeySpecFlags.Incomplete, new BeginSearch(BeginSearchKind.Unknown), new FindKeys(FindKeysKind.Unknown))
    {
        FlagNames = ["RW", "access", "update", "incomplete"],
    };

    /// <summary>What servers before Redis 7.0 say of keys: the first, the last and from one to the next. Null for no keys.</summary>
    public static KeySpec? Range(long first, long last, long step)
    {
        if (first == 0)
        {
            return null;
        }

        // `1 -1 1`: the last one counts from the end; other positions become distances from the first.
        var begin = BeginIndex(first);
        var find = begin.Kind == BeginSearchKind.Unknown || Math.Clamp(last, -MaxPosition, MaxPosition) != last
            ? new FindKeys(FindKeysKind.Unknown)
            : FindRange(last < 0 ? last : last - first, step, limit: 0);
        return new KeySpec(Everything, begin, find) { FlagNames = ["RW", "access", "update"] };
    }

    /// <summary>Reads one.</summary>
    /// <param name="map">One element that a scanner has accepted.</param>
    public static KeySpec Read(ReadOnlySpan<byte> map)
    {
        var reader = new ReplyReader(map);
        if (!reader.TryReadArrayHeader(out var count))
        {
            return Unknown;
        }

        var flags = ImmutableArray<string>.Empty;
        string? notes = null;
        var begin = new BeginSearch(BeginSearchKind.Unknown);
        var find = new FindKeys(FindKeysKind.Unknown);
        for (var i = 0; i + 1 < count; i += 2)
        {
            var key = StepMembers.ReadKey(ref reader);
            var value = reader.ReadElement();
            if (key.SequenceEqual("flags"u8))
            {
                flags = ReadFlags(value);
            }
            else if (key.SequenceEqual("begin_search"u8))
            {
                begin = ReadBegin(value);
            }
            else if (key.SequenceEqual("find_keys"u8))
            {
                find = ReadFind(value);
            }
            else if (key.SequenceEqual("notes"u8) && new ReplyReader(value).TryReadText(out var text))
            {
                notes = ReportText.Notes(text);
            }
        }

        var all = flags.Aggregate(KeySpecFlags.None, (all, flag) => all | KeySpecFlagNames.Find(flag));
        return new KeySpec(all == KeySpecFlags.None ? Everything : all, begin, find) { FlagNames = flags, Notes = notes };
    }

    private static ImmutableArray<string> ReadFlags(ReadOnlySpan<byte> list)
    {
        var reader = new ReplyReader(list);
        reader.TryReadArrayHeader(out var count);
        var flags = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < count && flags.Count < 16; i++)
        {
            if (!reader.TryReadText(out var utf8))
            {
                reader.ReadElement();
            }
            else if (ReportText.Word(utf8) is { } flag)
            {
                flags.Add(flag);
            }
        }

        return flags.ToImmutable();
    }

    private static BeginSearch ReadBegin(ReadOnlySpan<byte> step)
    {
        var members = new StepMembers(step);
        if (members.Type.SequenceEqual("index"u8))
        {
            return BeginIndex(members.Number("index"u8));
        }

        var start = members.Number("startfrom"u8);
        return members.Type.SequenceEqual("keyword"u8)
            && ReportText.Word(members.Text("keyword"u8)) is { } keyword
            && start != 0
            && Math.Abs(start) <= MaxPosition
            ? new BeginSearch(BeginSearchKind.Keyword) { Keyword = keyword, StartFrom = (int)start }
            : new BeginSearch(BeginSearchKind.Unknown);
    }

    private static FindKeys ReadFind(ReadOnlySpan<byte> step)
    {
        var members = new StepMembers(step);
        if (members.Type.SequenceEqual("range"u8))
        {
            return FindRange(members.Number("lastkey"u8), members.Number("keystep"u8), members.Number("limit"u8));
        }

        var (count, first, keyStep) = (members.Number("keynumidx"u8), members.Number("firstkey"u8), members.Number("keystep"u8));
        return members.Type.SequenceEqual("keynum"u8) && IsPosition(count) && IsPosition(first) && IsPosition(keyStep) && keyStep > 0
            ? new FindKeys(FindKeysKind.KeyNum) { KeyNumIndex = (int)count, FirstKey = (int)first, KeyStep = (int)keyStep }
            : new FindKeys(FindKeysKind.Unknown);
    }

    private static BeginSearch BeginIndex(long index) => index is > 0 and <= MaxPosition
        ? new BeginSearch(BeginSearchKind.Index) { Index = (int)index }
        : new BeginSearch(BeginSearchKind.Unknown);

    private static FindKeys FindRange(long lastKey, long keyStep, long limit) =>
        Math.Abs(lastKey) <= MaxPosition && IsPosition(keyStep) && keyStep > 0 && IsPosition(limit)
            ? new FindKeys(FindKeysKind.Range) { LastKey = (int)lastKey, KeyStep = (int)keyStep, Limit = (int)limit }
            : new FindKeys(FindKeysKind.Unknown);

    private static bool IsPosition(long number) => number is >= 0 and <= MaxPosition;
}
