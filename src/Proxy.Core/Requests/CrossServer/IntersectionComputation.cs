using System.Buffers;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>SINTER, SINTERCARD and ZINTERCARD: each server replies the intersection of its sets.</summary>
/// <param name="home">The worker's.</param>
/// <param name="respVersion">The client's.</param>
/// <param name="limit">How many are counted at most, 0 for all; -1 if the members are asked for.</param>
internal sealed class IntersectionComputation(Computations home, int respVersion, long limit = -1) : Computation(home)
{
    /// <inheritdoc/>
    protected override bool TryCompute(byte[][] replies, IBufferWriter<byte> output)
    {
        // A member of the first reply is in all of them if each raised its count by one; a reply names it once.
        var comparer = new MemberComparer(replies);
        var counts = new Dictionary<Member, int>(comparer);
        for (var i = 0; i < replies.Length; i++)
        {
            if (!MemberReader.TryOpen(replies[i], i, hasScores: false, out var reader))
            {
                return false;
            }

            while (reader.TryNext())
            {
                if (i == 0)
                {
                    counts[reader.Current] = 1;
                }
                else if (counts.TryGetValue(reader.Current, out var count) && count == i)
                {
                    counts[reader.Current] = i + 1;
                }
            }

            if (!reader.IsWhole)
            {
                return false;
            }
        }

        var common = counts.Where(pair => pair.Value == replies.Length).Select(pair => pair.Key).ToList();
        if (limit >= 0)
        {
            RespWriter.Integer(output, limit == 0 ? common.Count : Math.Min(limit, common.Count));
            return true;
        }

        RespWriter.SetHeader(output, common.Count, respVersion);
        foreach (var member in common)
        {
            RespWriter.Bulk(output, comparer.Bytes(member));
        }

        return true;
    }
}
