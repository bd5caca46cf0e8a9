using System.Net.Sockets;

namespace Proxy.Host.Statistics;

/// <summary>The files that Unix sockets leave behind.</summary>
internal static class UnixSocketFile
{
    /// <summary>Removes the file of a socket that nobody listens on any more; one in use, and anything that is not a socket, stays.</summary>
    public static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused && new FileInfo(path).Length == 0)
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // Whatever it is, binding will say what is wrong with it.
        }
    }
}
