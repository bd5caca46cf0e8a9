using Proxy.Core.Topology;
using Proxy.Partitioning;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>
/// The keys that SORT makes up: BY and GET put an element in the place of a pattern's first <c>*</c>. A server looks for them among its own. So where
/// there are several, what stands before the <c>*</c> has to decide that all of them live there, as in <c>SORT {u}list BY {u}weight_*</c>.
/// </summary>
internal static class SortPatterns
{
    /// <summary>Why a SORT cannot run at the server of its key; empty if it can.</summary>
    /// <param name="snapshot">What is routed by.</param>
    /// <param name="shard">Where its key lives.</param>
    /// <param name="frame">The request.</param>
    public static ReadOnlySpan<byte> Refusal(PoolSnapshot snapshot, int shard, in RequestFrame frame)
    {
        if (snapshot.Shards.Length == 1 || snapshot.Model.Distribution == Distribution.Random)
        {
            return default;
        }

        for (var i = 2; i + 1 < frame.Count; i++)
        {
            if (OptionWord.Is(frame[i], "LIMIT"u8))
            {
                i += 2;
            }
            else if (OptionWord.Is(frame[i], "BY"u8))
            {
                if (!Stays(snapshot, shard, frame[++i]))
                {
                    return Replies.SortByElsewhere;
                }
            }
            else if (OptionWord.Is(frame[i], "GET"u8))
            {
                if (!Stays(snapshot, shard, frame[++i]))
                {
                    return Replies.SortGetElsewhere;
                }
            }
            else if (OptionWord.Is(frame[i], "STORE"u8))
            {
                i++;
            }
        }

        return default;
    }

    private static bool Stays(PoolSnapshot snapshot, int shard, ReadOnlySpan<byte> pattern)
    {
        var star = pattern.IndexOf((byte)'*');
        if (star < 0)
        {
            // It makes up no key.
            return true;
        }

        var prefix = pattern[..star];
        return Decides(snapshot.Model.Partitioning, prefix)
            && snapshot.Partitioner.Route(prefix) == shard
            && snapshot.Partitioner.Route(LastWith(snapshot.Model.Partitioning, prefix)) == shard;
    }

    /// <summary>Whether keys that begin so live together, or, if ranges of bytes are what counts, between the first and the last of them.</summary>
    private static bool Decides(PartitionerOptions keys, ReadOnlySpan<byte> prefix)
    {
        if ((keys.HashTag ?? (keys.Distribution == Distribution.Slots ? HashTag.Braces : null)) is { } tag)
        {
            return tag.Part(prefix).Length < prefix.Length;
        }

        if (keys.Distribution != Distribution.Range)
        {
            return false;
        }

        // The first run of digits counts, which has to end before the element begins.
        var digits = prefix.IndexOfAnyInRange((byte)'0', (byte)'9');
        return keys.By == RangeBy.Bytes || (digits >= 0 && prefix[digits..].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
    }

    /// <summary>No bound is between this and any key that begins so and is greater.</summary>
    private static ReadOnlySpan<byte> LastWith(PartitionerOptions keys, ReadOnlySpan<byte> prefix)
    {
        if (keys.Distribution != Distribution.Range || keys.By != RangeBy.Bytes || keys.HashTag.HasValue)
        {
            return prefix;
        }

        var last = new byte[prefix.Length + keys.Bounds.Max(bound => bound.Bytes.Length)];
        prefix.CopyTo(last);
        last.AsSpan(prefix.Length).Fill(byte.MaxValue);
        return last;
    }
}
