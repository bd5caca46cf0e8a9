using System.Buffers;
using System.Text;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>Texts for people: one below the other, each under its server's name.</summary>
internal sealed class TextJoiner : ReplyJoiner
{
    /// <summary>The only one.</summary>
    public static TextJoiner Instance { get; } = new();

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        if (replies.Any(reply => reply.Reply.HasItems))
        {
            return false;
        }

        var text = new ArrayBufferWriter<byte>();
        foreach (var (server, reply) in replies)
        {
            text.Write(Encoding.UTF8.GetBytes($"# {server}\n"));
            text.Write(reply.Text.Span.TrimEnd("\r\n"u8));
            text.Write("\n"u8);
        }

        RespWriter.Verbatim(output, text.WrittenSpan, version);
        return true;
    }
}
