using System.Buffers;
using System.Text;
using Proxy.Core.Requests.Administration.Joining;

namespace Proxy.Core.Tests.Requests.Administration.Joining;

/// <summary>Runs a joiner on replies that are written with <c>|</c> for the ends of lines.</summary>
internal static class Joined
{
    /// <summary>The joined reply; null if the replies cannot be joined, and nothing was written then.</summary>
    public static string? By(ReplyJoiner joiner, int version, params string[] replies)
    {
        var output = new ArrayBufferWriter<byte>();
        var nodes = replies.Select((reply, i) => new ServerReply($"s{i + 1}", Node(reply))).ToList();
        var isJoined = joiner.TryJoin(nodes, output, version);
        var text = Encoding.Latin1.GetString(output.WrittenSpan).Replace("\r\n", "|", StringComparison.Ordinal);
        return isJoined || text.Length > 0 ? text : null;
    }

    /// <summary>A reply taken apart.</summary>
    public static ReplyNode Node(string reply) => ReplyNode.Parse(Encoding.Latin1.GetBytes(reply.Replace("|", "\r\n", StringComparison.Ordinal)));
}
