using System.Buffers;
using Proxy.Resp;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>
/// What servers are asked for a command that is computed: one request for each server with its keys, or for each key.
/// <code>
///   SDIFF a b c     a, c on one server:    SDIFF a c         b on another:    SUNION b
///   ZUNION 2 a b WEIGHTS 1 2               ZUNION 1 a WITHSCORES              ZUNION 1 b WITHSCORES
/// </code>
/// </summary>
internal sealed class PartRequest
{
    private readonly byte[] _first;
    private readonly byte[] _others;
    private readonly bool _hasCount;
    private readonly byte[]? _tail;

    private PartRequest(ReadOnlySpan<byte> first, ReadOnlySpan<byte> others, bool hasCount = false, ReadOnlySpan<byte> tail = default)
    {
        _first = Encode(first);
        _others = Encode(others);
        _hasCount = hasCount;
        _tail = tail.IsEmpty ? null : Encode(tail);
    }

    /// <summary>The union of each server's sets.</summary>
    public static PartRequest Union { get; } = new("SUNION"u8, "SUNION"u8);

    /// <summary>The intersection of each server's sets.</summary>
    public static PartRequest Intersection { get; } = new("SINTER"u8, "SINTER"u8);

    /// <summary>What the others of its server leave of the first key's set; of each other server the union of its sets.</summary>
    public static PartRequest Difference { get; } = new("SDIFF"u8, "SUNION"u8);

    /// <summary>The intersection of each server's sorted sets, without scores.</summary>
    public static PartRequest SortedIntersection { get; } = new("ZINTER"u8, "ZINTER"u8, hasCount: true);

    /// <summary>As <see cref="Difference"/>, of sorted sets.</summary>
    public static PartRequest SortedDifference { get; } = new("ZDIFF"u8, "ZUNION"u8, hasCount: true);

    /// <summary>The same, the first with its scores.</summary>
    public static PartRequest ScoredDifference { get; } = new("ZDIFF"u8, "ZUNION"u8, hasCount: true, tail: "WITHSCORES"u8);

    /// <summary>Each key's members with their scores; of a set these are 1.</summary>
    public static PartRequest Scores { get; } = new("ZUNION"u8, "ZUNION"u8, hasCount: true, tail: "WITHSCORES"u8) { IsByKey = true };

    /// <summary>Each key's string.</summary>
    public static PartRequest Value { get; } = new("GET"u8, "GET"u8) { IsByKey = true };

    /// <summary>Whether each key holds a string: what else is replied does not matter.</summary>
    public static PartRequest IsString { get; } = new("STRLEN"u8, "STRLEN"u8) { IsByKey = true };

    /// <summary>Whether all keys hold sets or sorted sets: then it is a syntax error, since the weights are missing.</summary>
    public static PartRequest AreSets { get; } = new("ZUNION"u8, "ZUNION"u8, hasCount: true, tail: "WEIGHTS"u8);

    /// <summary>Whether each key has a request of its own.</summary>
    public bool IsByKey { get; private init; }

    /// <summary>Writes what stands before the keys.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="isFirst">Whether the request's first key is among them.</param>
    /// <param name="keys">How many keys follow.</param>
    public void WriteHead(IBufferWriter<byte> output, bool isFirst, int keys)
    {
        RespWriter.ArrayHeader(output, 1 + (_hasCount ? 1 : 0) + keys + (HasTail(isFirst) ? 1 : 0));
        output.Write(isFirst ? _first : _others);
        if (_hasCount)
        {
            RespWriter.BulkNumber(output, keys);
        }
    }

    /// <summary>Writes what stands behind the keys.</summary>
    public void WriteTail(IBufferWriter<byte> output, bool isFirst)
    {
        if (HasTail(isFirst))
        {
            output.Write(_tail);
        }
    }

    /// <summary>Scores are asked of the first key's server only where the others are asked something else.</summary>
    private bool HasTail(bool isFirst) => _tail is not null && (isFirst || _first.AsSpan().SequenceEqual(_others));

    private static byte[] Encode(ReadOnlySpan<byte> word)
    {
        var output = new ArrayBufferWriter<byte>();
        RespWriter.Bulk(output, word);
        return output.WrittenSpan.ToArray();
    }
}
