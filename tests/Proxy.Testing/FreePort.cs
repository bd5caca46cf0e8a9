using System.Net;
using System.Net.Sockets;

namespace Proxy.Testing;

/// <summary>
/// Free TCP ports on loopback. <c>redis-server</c> and the proxy take no "port 0", so a port has to be known beforehand. Ports come from
/// below the system's range for outgoing connections, each process of tests has a part of them for itself, and hands out none twice, so that
/// nobody takes one between the choice and the bind.
/// </summary>
public static class FreePort
{
    private const int First = 12000;
    private const int Last = 32000;
    private const int Parts = 4;
    private static readonly HashSet<int> HandedOut = [];

    // Kept open as long as the process lives.
    private static FileStream? _claim;
    private static (int First, int Last)? _part;

    /// <summary>A port on which nothing listens, on 127.0.0.1 and on ::1.</summary>
    public static int Next()
    {
        lock (HandedOut)
        {
            var (first, last) = _part ??= Claim();
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                var port = Random.Shared.Next(first, last);
                if (HandedOut.Contains(port) || !CanBind(IPAddress.Loopback, port) || !CanBind(IPAddress.IPv6Loopback, port))
                {
                    continue;
                }

                HandedOut.Add(port);
                return port;
            }
        }

        throw new InvalidOperationException($"no free port in {_part}, a part of 12000 to 32000");
    }

    /// <summary>The first part that no other process has; all of them where there is none.</summary>
    private static (int First, int Last) Claim()
    {
        for (var part = 0; part < Parts; part++)
        {
            try
            {
                _claim = new FileStream(
                    Path.Combine(Path.GetTempPath(), $"redis-proxy-test-ports-{part}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                const int Size = (Last - First) / Parts;
                return (First + (part * Size), First + ((part + 1) * Size));
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // Another process has it.
            }
        }

        return (First, Last);
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
