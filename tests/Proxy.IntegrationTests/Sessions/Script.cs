using System.Text;
using System.Text.RegularExpressions;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Sessions;

/// <summary>A conversation: requests with a bar between them, words with a blank between them.</summary>
internal static partial class Script
{
    /// <summary>Sends the whole conversation at once and reads every reply; clients' numbers are made equal.</summary>
    public static string Run(RespClient client, string script)
    {
        const string End = "$7\r\nthe end\r\n";
        client.Send([.. script.Split('|').SelectMany(request => RespFrame.Request(request.Split(' '))), .. RespFrame.Request("ECHO", "the end")]);
        var replies = new StringBuilder();
        for (var reply = client.ReadReply(); reply != End; reply = client.ReadReply())
        {
            replies.Append(reply);
        }

        return Masked(replies.ToString());
    }

    /// <summary>Replies with clients' numbers made equal.</summary>
    public static string Masked(string replies) => ClientId().Replace(replies, "id :0");

    [GeneratedRegex("\\$2\r\nid\r\n:[0-9]+")]
    private static partial Regex ClientId();
}
