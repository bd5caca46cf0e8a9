using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>
/// The words behind the keys of ZUNION, ZINTER, ZDIFF, ZINTERCARD and SINTERCARD, as Redis 7.0.15 reads them: in any order, the last of
/// several counts.
/// </summary>
internal sealed class SortedSetOptions
{
    /// <summary>One for each key; null for 1 everywhere.</summary>
    public double[]? Weights { get; private set; }

    /// <summary>What several scores make.</summary>
    public Aggregate Aggregate { get; private set; }

    /// <summary>Whether scores are asked for.</summary>
    public bool WithScores { get; private set; }

    /// <summary>How many are counted at most; 0 for all.</summary>
    public long Limit { get; private set; }

    /// <summary>Reads the words.</summary>
    /// <param name="operation">Of which command they are.</param>
    /// <param name="keys">How many keys it has.</param>
    /// <param name="frame">The request.</param>
    /// <param name="at">Index of the first of them.</param>
    /// <param name="refusal">What Redis replies where they are wrong; else empty.</param>
    public static SortedSetOptions Read(
        CrossServerOperation operation, int keys, in RequestFrame frame, int at, out ReadOnlySpan<byte> refusal)
    {
        var options = new SortedSetOptions();
        var counts = operation is CrossServerOperation.IntersectionCount or CrossServerOperation.SortedIntersectionCount;
        var combines = operation is CrossServerOperation.SortedUnion or CrossServerOperation.SortedIntersection;
        refusal = default;
        while (at < frame.Count && refusal.IsEmpty)
        {
            var word = frame[at++];
            var left = frame.Count - at;
            if (combines && left >= keys && OptionWord.Is(word, "WEIGHTS"u8))
            {
                refusal = options.TryReadWeights(frame, at, keys) ? default : Replies.WeightNotFloat;
                at += keys;
            }
            else if (combines && left > 0 && OptionWord.Is(word, "AGGREGATE"u8))
            {
                refusal = options.TryReadAggregate(frame[at++]) ? default : Replies.SyntaxError;
            }
            else if (!counts && OptionWord.Is(word, "WITHSCORES"u8))
            {
                options.WithScores = true;
            }
            else if (counts && left > 0 && OptionWord.Is(word, "LIMIT"u8))
            {
                refusal = options.TryReadLimit(frame[at++]) ? default : Replies.LimitNegative;
            }
            else
            {
                refusal = Replies.SyntaxError;
            }
        }

        return options;
    }

    private bool TryReadWeights(in RequestFrame frame, int at, int keys)
    {
        Weights = new double[keys];
        for (var i = 0; i < keys; i++)
        {
            if (!RedisFloat.TryParse(frame[at + i], out Weights[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadAggregate(ReadOnlySpan<byte> word)
    {
        var isSum = OptionWord.Is(word, "SUM"u8);
        var isMin = OptionWord.Is(word, "MIN"u8);
        Aggregate = isSum ? Aggregate.Sum : isMin ? Aggregate.Min : Aggregate.Max;
        return isSum || isMin || OptionWord.Is(word, "MAX"u8);
    }

    private bool TryReadLimit(ReadOnlySpan<byte> word)
    {
        var isRead = RedisInteger.TryParse(word, out var limit) && limit >= 0;
        Limit = limit;
        return isRead;
    }
}
