using System.Buffers;
using Proxy.Core.Requests.Gathering;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>PFCOUNT: each key's value, as GET replies it. The first that is none decides, in the order of the keys, as in Redis.</summary>
/// <param name="home">The worker's.</param>
internal sealed class CardinalityComputation(Computations home) : Computation(home)
{
    /// <inheritdoc/>
    public override bool TakesErrors => true;

    /// <inheritdoc/>
    protected override bool TryCompute(byte[][] replies, IBufferWriter<byte> output)
    {
        var union = new HyperLogLog();
        foreach (var reply in replies)
        {
            if (ReplyReader.IsError(reply))
            {
                output.Write(reply);
                return true;
            }

            // No text: the key does not exist.
            var kind = new ReplyReader(reply).TryReadText(out var value) ? union.Add(value) : HyperLogLogKind.Valid;
            if (kind != HyperLogLogKind.Valid)
            {
                output.Write(kind == HyperLogLogKind.Corrupted ? Replies.CorruptedHyperLogLog : Replies.NotHyperLogLog);
                return true;
            }
        }

        RespWriter.Integer(output, union.Count());
        return true;
    }
}
