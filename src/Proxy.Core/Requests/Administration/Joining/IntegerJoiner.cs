using System.Buffers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>Integers: their sum, the least or the greatest.</summary>
internal sealed class IntegerJoiner : ReplyJoiner
{
    private readonly Func<IEnumerable<long>, long> _join;

    private IntegerJoiner(Func<IEnumerable<long>, long> join, bool needsAll)
    {
        _join = join;
        NeedsAll = needsAll;
    }

    /// <summary>The sum, of the servers that answer (SLOWLOG LEN).</summary>
    public static IntegerJoiner Sum { get; } = new(Enumerable.Sum, needsAll: false);

    /// <summary>The sum, of all servers (LATENCY RESET).</summary>
    public static IntegerJoiner SumOfAll { get; } = new(Enumerable.Sum, needsAll: true);

    /// <summary>The least, of the servers that answer (LASTSAVE).</summary>
    public static IntegerJoiner Least { get; } = new(Enumerable.Min, needsAll: false);

    /// <summary>The greatest, of all servers (ACL DELUSER).</summary>
    public static IntegerJoiner GreatestOfAll { get; } = new(Enumerable.Max, needsAll: true);

    /// <inheritdoc/>
    public override bool NeedsAll { get; }

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        if (replies.Any(reply => reply.Reply.Kind != (byte)':'))
        {
            return false;
        }

        RespWriter.Integer(output, _join(replies.Select(reply => reply.Reply.Integer)));
        return true;
    }
}
