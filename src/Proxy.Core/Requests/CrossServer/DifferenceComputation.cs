using System.Buffers;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>
/// SDIFF and ZDIFF: the server of the first key replies what its other sets leave of that one, in order and perhaps with scores; each other
/// server the union of its sets.
/// </summary>
/// <param name="home">The worker's.</param>
/// <param name="isSorted">ZDIFF.</param>
/// <param name="hasScores">Whether the first reply has scores.</param>
/// <param name="respVersion">The client's.</param>
internal sealed class DifferenceComputation(Computations home, bool isSorted, bool hasScores, int respVersion) : Computation(home)
{
    /// <inheritdoc/>
    protected override bool TryCompute(byte[][] replies, IBufferWriter<byte> output)
    {
        var others = new HashSet<Member>(new MemberComparer(replies));
        for (var i = 1; i < replies.Length; i++)
        {
            if (!MemberReader.TryOpen(replies[i], i, hasScores: false, out var reader))
            {
                return false;
            }

            while (reader.TryNext())
            {
                others.Add(reader.Current);
            }

            if (!reader.IsWhole)
            {
                return false;
            }
        }

        if (!MemberReader.TryOpen(replies[0], 0, hasScores, out var first))
        {
            return false;
        }

        var left = new List<(int Start, int End)>();
        while (first.TryNext())
        {
            if (!others.Contains(first.Current))
            {
                left.Add(first.Entry);
            }
        }

        Write(replies[0], left, output);
        return first.IsWhole;
    }

    private void Write(byte[] reply, List<(int Start, int End)> entries, IBufferWriter<byte> output)
    {
        if (!isSorted)
        {
            RespWriter.SetHeader(output, entries.Count, respVersion);
        }
        else
        {
            RespWriter.ArrayHeader(output, entries.Count * (hasScores && respVersion < 3 ? 2 : 1));
        }

        foreach (var (start, end) in entries)
        {
            output.Write(reply.AsSpan(start, end - start));
        }
    }
}
