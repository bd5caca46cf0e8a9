using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Proxy.Transport.Channels;

namespace Proxy.Transport.Native;

/// <summary>
/// A stream socket of Linux, not blocking: its descriptor and what is asked of it outside of the hot path. The owner closes it, once, on its
/// loop; nothing here is safe for use after that.
/// </summary>
internal sealed unsafe class NativeSocket : ISocketOptions
{
    // sys/socket.h and netinet/tcp.h, the same on x86-64 and arm64.
    private const int SocketLevel = 1;
    private const int TcpLevel = 6;
    private const int ReuseAddressName = 2;
    private const int ErrorName = 4;
    private const int SendBufferName = 7;
    private const int ReceiveBufferName = 8;
    private const int KeepAliveName = 9;
    private const int LingerName = 13;
    private const int ReusePortName = 15;
    private const int Ipv6Level = 41;
    private const int Ipv6Only = 26;
    private const int TcpNoDelayName = 1;
    private const int TcpInfoName = 11;
    private const int Stream = 1;
    private const int ShutdownWrite = 1;

    // sockaddr_storage.
    private const int MaxAddress = 128;

    private readonly AddressFamily _family;

    private NativeSocket(int descriptor, AddressFamily family)
    {
        Descriptor = descriptor;
        _family = family;
    }

    /// <summary>The file descriptor; −1 once it is closed.</summary>
    public int Descriptor { get; private set; }

    /// <inheritdoc/>
    public bool IsTcp => _family != AddressFamily.Unix;

    /// <inheritdoc/>
    public int ReceiveBufferSize
    {
        get => GetInt(SocketLevel, ReceiveBufferName);
        set => SetInt(SocketLevel, ReceiveBufferName, value);
    }

    /// <inheritdoc/>
    public int SendBufferSize
    {
        get => GetInt(SocketLevel, SendBufferName);
        set => SetInt(SocketLevel, SendBufferName, value);
    }

    /// <inheritdoc/>
    public bool KeepAlive
    {
        get => GetInt(SocketLevel, KeepAliveName) != 0;
        set => SetInt(SocketLevel, KeepAliveName, value ? 1 : 0);
    }

    /// <inheritdoc/>
    public bool NoDelay
    {
        get => GetInt(TcpLevel, TcpNoDelayName) != 0;
        set => SetInt(TcpLevel, TcpNoDelayName, value ? 1 : 0);
    }

    /// <inheritdoc/>
    public bool ReuseAddress
    {
        get => GetInt(SocketLevel, ReuseAddressName) != 0;
        set => SetInt(SocketLevel, ReuseAddressName, value ? 1 : 0);
    }

    /// <inheritdoc/>
    public bool ReusePort
    {
        get => GetInt(SocketLevel, ReusePortName) != 0;
        set => SetInt(SocketLevel, ReusePortName, value ? 1 : 0);
    }

    /// <summary>SO_ERROR: the error number of what failed meanwhile, 0 if nothing did. Asking forgets it.</summary>
    public int TakeError() => GetInt(SocketLevel, ErrorName);

    /// <summary>
    /// True if a TCP connection is gone on both sides. An error is told once: a send that gets it leaves a receive with nothing but an end of
    /// stream, and only the state then tells a reset from a FIN.
    /// </summary>
    public bool IsGone
    {
        get
        {
            // struct tcp_info of linux/tcp.h begins with the state; TCP_CLOSE is 7.
            var info = stackalloc byte[8];
            uint length = 8;
            return IsTcp && LibC.GetOption(Descriptor, TcpLevel, TcpInfoName, info, &length) == 0 && info[0] == 7;
        }
    }

    /// <summary>
    /// A new socket fit for <paramref name="address"/>. A host name gets one that reaches addresses of both families, whatever the name turns
    /// out to be.
    /// </summary>
    /// <exception cref="ArgumentException">Neither an IP address, nor a host name, nor a Unix socket.</exception>
    /// <exception cref="SocketException">No descriptors, or the family is not there.</exception>
    public static NativeSocket Open(EndPoint address)
    {
        var family = address switch
        {
            IPEndPoint or UnixDomainSocketEndPoint => address.AddressFamily,
            DnsEndPoint => Socket.OSSupportsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork,
            _ => throw new ArgumentException($"no stream socket for an address of type {address.GetType().Name}", nameof(address)),
        };
        var descriptor = LibC.Socket(FamilyNumber(family), Stream | SystemCalls.NonBlockingCloseOnExec, 0);
        if (descriptor < 0)
        {
            ThrowLastError();
        }

        var socket = new NativeSocket(descriptor, family);
        try
        {
            if (address is DnsEndPoint && family == AddressFamily.InterNetworkV6)
            {
                socket.ReachBothFamilies();
            }

            return socket;
        }
        catch
        {
            socket.Close();
            throw;
        }
    }

    /// <summary>Takes over an accepted descriptor.</summary>
    /// <param name="descriptor">Not blocking; owned by the new object.</param>
    /// <param name="listener">What accepted it.</param>
    public static NativeSocket Accepted(int descriptor, NativeSocket listener) => new(descriptor, listener._family);

    /// <summary>The file that a listener on <paramref name="address"/> makes; null if it makes none (TCP, or an abstract name).</summary>
    public static string? FileOf(EndPoint address)
    {
        // sockaddr_un: two bytes of family, then the path; an abstract name begins with a zero.
        var path = address is UnixDomainSocketEndPoint ? address.Serialize() : null;
        return path is { Size: > 2 } && path[2] != 0 ? address.ToString() : null;
    }

    /// <inheritdoc/>
    public void SetLinger(int seconds)
    {
        var value = stackalloc int[2] { seconds >= 0 ? 1 : 0, Math.Max(seconds, 0) };
        Check(LibC.SetOption(Descriptor, SocketLevel, LingerName, value, 2 * sizeof(int)));
    }

    /// <summary>An IPv6 socket reaches IPv4 addresses, or bound to "::" takes IPv4 clients, whatever net.ipv6.bindv6only says.</summary>
    public void ReachBothFamilies() => SetInt(Ipv6Level, Ipv6Only, 0);

    /// <summary>The address as this socket takes it: <c>struct sockaddr</c>.</summary>
    public SocketAddress Serialize(EndPoint address) =>
        address is IPEndPoint { AddressFamily: AddressFamily.InterNetwork } ip && _family == AddressFamily.InterNetworkV6
            ? new IPEndPoint(ip.Address.MapToIPv6(), ip.Port).Serialize()
            : address.Serialize();

    /// <summary>bind(2).</summary>
    public void Bind(EndPoint address)
    {
        var serialized = Serialize(address);
        fixed (byte* bytes = serialized.Buffer.Span)
        {
            Check(LibC.Bind(Descriptor, bytes, (uint)serialized.Size));
        }
    }

    /// <summary>listen(2).</summary>
    public void Listen(int backlog) => Check(LibC.Listen(Descriptor, backlog));

    /// <summary>Sends our FIN. A connection that is gone already has nothing left to end.</summary>
    public void ShutdownOutput() => _ = LibC.Shutdown(Descriptor, ShutdownWrite);

    /// <summary>Gives the descriptor back.</summary>
    public void Close()
    {
        var descriptor = Descriptor;
        Descriptor = -1;
        if (descriptor >= 0)
        {
            _ = LibC.Close(descriptor);
        }
    }

    /// <summary>Our address, null if the system does not tell.</summary>
    public EndPoint? LocalAddress()
    {
        var bytes = stackalloc byte[MaxAddress];
        uint length = MaxAddress;
        return LibC.GetLocalName(Descriptor, bytes, &length) == 0 ? ToEndPoint(bytes, length) : null;
    }

    /// <summary>The peer's address, null if the system does not tell.</summary>
    public EndPoint? RemoteAddress()
    {
        var bytes = stackalloc byte[MaxAddress];
        uint length = MaxAddress;
        return LibC.GetPeerName(Descriptor, bytes, &length) == 0 ? ToEndPoint(bytes, length) : null;
    }

    private static int FamilyNumber(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => 2,
        AddressFamily.InterNetworkV6 => 10,
        _ => 1,
    };

    private EndPoint ToEndPoint(byte* bytes, uint length)
    {
        // The length of a Unix address is part of what it says.
        var serialized = new SocketAddress(_family, (int)Math.Min(length, MaxAddress));
        new ReadOnlySpan<byte>(bytes, serialized.Size).CopyTo(serialized.Buffer.Span);
        EndPoint template = _family switch
        {
            AddressFamily.InterNetwork => new IPEndPoint(IPAddress.Any, 0),
            AddressFamily.InterNetworkV6 => new IPEndPoint(IPAddress.IPv6Any, 0),
            _ => new UnixDomainSocketEndPoint("/"),
        };
        return template.Create(serialized);
    }

    private int GetInt(int level, int name)
    {
        int value;
        uint length = sizeof(int);
        Check(LibC.GetOption(Descriptor, level, name, &value, &length));
        return value;
    }

    private void SetInt(int level, int name, int value) => Check(LibC.SetOption(Descriptor, level, name, &value, sizeof(int)));

    private static void Check(int result)
    {
        if (result < 0)
        {
            ThrowLastError();
        }
    }

    private static void ThrowLastError() => throw Errno.ToException(Marshal.GetLastPInvokeError());
}
