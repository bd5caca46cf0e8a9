using Proxy.Resp;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>Errors among servers' replies of which the most common is that a key holds something else.</summary>
internal static class TypeErrors
{
    /// <summary>The first error, in the words of the command that was asked.</summary>
    /// <param name="replies">The replies.</param>
    /// <param name="wrongType">What a value of another type is answered with; empty for the server's words.</param>
    /// <returns>The whole line; empty if there is no error.</returns>
    public static ReadOnlySpan<byte> Find(byte[][] replies, ReadOnlySpan<byte> wrongType)
    {
        foreach (var reply in replies)
        {
            if (ReplyReader.IsError(reply))
            {
                return !wrongType.IsEmpty && reply.AsSpan().StartsWith("-WRONGTYPE "u8) ? wrongType : reply;
            }
        }

        return default;
    }
}
