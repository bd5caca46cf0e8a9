using System.Net;
using System.Net.Sockets;

namespace Proxy.Testing;

/// <summary>
/// Free TCP ports on loopback. <c>redis-server</c> and the proxy take no "port 0", so a port has to be known beforehand. Ports come from
/// below the system's range for outgoing connections, and this process hands out none twice, so that nobody takes one between the choice
/// and the bind.
/// </summary>
public static class FreePort
{
    private const int First = 12000;
    private const int Last = 32000;
    private static readonly HashSet<int> HandedOut = [];

    /// <summary>A port on which nothing listens, on 127.0.0.1 and on ::1.</summary>
    public static int Next()
    {
        lock (HandedOut)
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Shared.Next(First, Last);
                if (HandedOut.Contains(port) || !CanBind(IPAddress.Loopback, port) || !CanBind(IPAddress.IPv6Loopback, port))
                {
                    continue;
                }

                HandedOut.Add(port);
                return port;
            }
        }

        throw new InvalidOperationException("no free port between 12000 and 32000");
    }

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException problem)
        {
            return problem.SocketErrorCode == SocketError.AddressNotAvailable; // no IPv6 here: then nobody takes the port there either
        }
    }
}
