using System.Text;

namespace Proxy.Core.Requests.Tracking;

/// <summary>The messages of tracking as they go over the wire.</summary>
internal static class Invalidation
{
    /// <summary>What stands before the array of keys, or before null for all keys.</summary>
    public static ReadOnlySpan<byte> Header => ">2\r\n$10\r\ninvalidate\r\n"u8;

    /// <summary>The same for a subscriber that speaks version 2 of RESP.</summary>
    private static ReadOnlySpan<byte> MessageHeader => "*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n"u8;

    /// <summary>All keys, as the server of a client that speaks that version tells it.</summary>
    public static ReadOnlySpan<byte> All(int respVersion) => respVersion >= 3 ? "_\r\n"u8 : "$-1\r\n"u8;

    /// <summary>Sends keys to a client to which they are redirected. On its worker.</summary>
    /// <param name="target">The client.</param>
    /// <param name="keys">An array of keys, or null, encoded.</param>
    /// <returns>False if it is gone.</returns>
    public static bool TrySend(ClientSession target, ReadOnlySpan<byte> keys)
    {
        if (target.IsClosing)
        {
            return false;
        }

        if (target.RespVersion >= 3)
        {
            target.Push(Header, keys);
        }
        else if (target.Subscriptions is { IsEmpty: false })
        {
            target.Push(MessageHeader, keys);
        }

        return true;
    }

    /// <summary>What a client is told in place of keys when the one it redirects to is gone.</summary>
    public static byte[] RedirectBroken(long id) => Encoding.ASCII.GetBytes($">2\r\n$21\r\ntracking-redir-broken\r\n:{id}\r\n");
}
