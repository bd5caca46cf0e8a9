using System.Net.Sockets;
using Proxy.Core.Model;

namespace Proxy.Host.Statistics;

/// <summary>Makes plain listening sockets.</summary>
internal static class ListeningSocket
{
    private const int Backlog = 128;

    /// <summary>A socket that listens on an IP address or a Unix socket's file. A file that nobody listens on any more is replaced.</summary>
    /// <exception cref="SocketException">The address is taken or not ours.</exception>
    public static Socket Bind(AddressModel address)
    {
        var file = (address.EndPoint as UnixDomainSocketEndPoint)?.ToString();
        var socket = new Socket(address.EndPoint.AddressFamily, SocketType.Stream, file == null ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (file != null)
            {
                UnixSocketFile.RemoveStale(file);
            }

            socket.Bind(address.EndPoint);
            if (file != null && address.Mode is { } mode && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, mode);
            }

            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
