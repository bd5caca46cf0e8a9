using System.Net.Sockets;

namespace Proxy.Transport.Sockets;

/// <summary>Socket options where .NET's own meaning is not the system's.</summary>
internal static class SocketOptions
{
    /// <summary>
    /// Sets SO_REUSEADDR. (<see cref="SocketOptionName.ReuseAddress"/> would set SO_REUSEPORT with it on Unix, and two processes could then
    /// listen on one port without either of them knowing.)
    /// </summary>
    public static void SetReuseAddress(Socket socket, bool on)
    {
        if (OperatingSystem.IsWindows())
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, on);
        }
        else
        {
            SetRaw(socket, linux: 2, bsd: 0x4, on);
        }
    }

    /// <summary>Sets SO_REUSEPORT: several listeners share one port. Windows has no such option: nothing happens there.</summary>
    public static void SetReusePort(Socket socket, bool on)
    {
        if (!OperatingSystem.IsWindows())
        {
            SetRaw(socket, linux: 15, bsd: 0x200, on);
        }
    }

    /// <summary>True if SO_REUSEADDR is on.</summary>
    public static bool GetReuseAddress(Socket socket) => OperatingSystem.IsWindows()
        ? (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress)! != 0
        : GetRaw(socket, linux: 2, bsd: 0x4);

    /// <summary>True if SO_REUSEPORT is on.</summary>
    public static bool GetReusePort(Socket socket) => !OperatingSystem.IsWindows() && GetRaw(socket, linux: 15, bsd: 0x200);

    /// <summary>
    /// True if a TCP connection is gone on both sides. An error is told once: a send that gets it leaves a receive with nothing but an end
    /// of stream, and only the state then tells a reset from a FIN. Linux only, false elsewhere.
    /// </summary>
    public static bool IsGone(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp)
        {
            return false;
        }

        // struct tcp_info of linux/tcp.h begins with the state; TCP_CLOSE is 7.
        Span<byte> info = stackalloc byte[8];
        const int TcpInfo = 11;
        socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, TcpInfo, info);
        return info[0] == 7;
    }

    private static int Level => OperatingSystem.IsLinux() ? 1 : 0xffff;

    private static void SetRaw(Socket socket, int linux, int bsd, bool on) =>
        socket.SetRawSocketOption(Level, OperatingSystem.IsLinux() ? linux : bsd, BitConverter.GetBytes(on ? 1 : 0));

    private static bool GetRaw(Socket socket, int linux, int bsd)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(Level, OperatingSystem.IsLinux() ? linux : bsd, value);
        return BitConverter.ToInt32(value) != 0;
    }
}
