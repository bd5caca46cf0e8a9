using System.Buffers;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>All have to do it and say the same: the first reply is as good as any.</summary>
internal sealed class FirstJoiner : ReplyJoiner
{
    /// <summary>The only one.</summary>
    public static FirstJoiner Instance { get; } = new();

    /// <inheritdoc/>
    public override bool NeedsAll => true;

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        replies[0].Reply.WriteTo(output);
        return true;
    }
}
