using System.Buffers;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>SUNION: each server replies the union of its sets.</summary>
/// <param name="home">The worker's.</param>
/// <param name="respVersion">The client's.</param>
internal sealed class UnionComputation(Computations home, int respVersion) : Computation(home)
{
    /// <inheritdoc/>
    protected override bool TryCompute(byte[][] replies, IBufferWriter<byte> output)
    {
        var comparer = new MemberComparer(replies);
        var members = new HashSet<Member>(comparer);
        for (var i = 0; i < replies.Length; i++)
        {
            if (!MemberReader.TryOpen(replies[i], i, hasScores: false, out var reader))
            {
                return false;
            }

            while (reader.TryNext())
            {
                members.Add(reader.Current);
            }

            if (!reader.IsWhole)
            {
                return false;
            }
        }

        RespWriter.SetHeader(output, members.Count, respVersion);
        foreach (var member in members)
        {
            RespWriter.Bulk(output, comparer.Bytes(member));
        }

        return true;
    }
}
