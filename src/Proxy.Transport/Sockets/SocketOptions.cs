using System.Net.Sockets;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Sockets;

/// <summary>The options of a <see cref="Socket"/>; where .NET's own meaning is not the system's, the system's.</summary>
internal sealed class SocketOptions(Socket socket) : ISocketOptions
{
    /// <inheritdoc/>
    public bool IsTcp => socket.AddressFamily != AddressFamily.Unix;

    /// <inheritdoc/>
    public int ReceiveBufferSize
    {
        get => socket.ReceiveBufferSize;
        set => socket.ReceiveBufferSize = value;
    }

    /// <inheritdoc/>
    public int SendBufferSize
    {
        get => socket.SendBufferSize;
        set => socket.SendBufferSize = value;
    }

    /// <inheritdoc/>
    public bool KeepAlive
    {
        get => (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0;
        set => socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, value);
    }

    /// <inheritdoc/>
    public bool NoDelay
    {
        get => socket.NoDelay;
        set => socket.NoDelay = value;
    }

    /// <summary>
    /// SO_REUSEADDR. (<see cref="SocketOptionName.ReuseAddress"/> would set SO_REUSEPORT with it on Unix, and two processes could then
    /// listen on one port without either of them knowing.)
    /// </summary>
    public bool ReuseAddress
    {
        get => OperatingSystem.IsWindows()
            ? (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress)! != 0
            : GetRaw(linux: 2, bsd: 0x4);
        set
        {
            if (OperatingSystem.IsWindows())
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, value);
            }
            else
            {
                SetRaw(linux: 2, bsd: 0x4, value);
            }
        }
    }

    /// <inheritdoc/>
    public bool ReusePort
    {
        get => !OperatingSystem.IsWindows() && GetRaw(linux: 15, bsd: 0x200);
        set
        {
            if (!OperatingSystem.IsWindows())
            {
                SetRaw(linux: 15, bsd: 0x200, value);
            }
        }
    }

    /// <inheritdoc/>
    public void SetLinger(int seconds) => socket.LingerState = new LingerOption(seconds >= 0, Math.Max(seconds, 0));

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

    private void SetRaw(int linux, int bsd, bool on) =>
        socket.SetRawSocketOption(Level, OperatingSystem.IsLinux() ? linux : bsd, BitConverter.GetBytes(on ? 1 : 0));

    private bool GetRaw(int linux, int bsd)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(Level, OperatingSystem.IsLinux() ? linux : bsd, value);
        return BitConverter.ToInt32(value) != 0;
    }
}
