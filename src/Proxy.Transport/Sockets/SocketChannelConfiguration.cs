using System.Net.Sockets;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace Proxy.Transport.Sockets;

/// <summary>Options of a <see cref="SocketChannel"/>. TCP_NODELAY is on from the start; TCP options are ignored on a Unix socket.</summary>
internal sealed class SocketChannelConfiguration : DefaultChannelConfiguration, ISocketChannelConfiguration
{
    private static readonly LoopReceiveAllocator ReceiveAllocator = new();

    private readonly SocketChannel _channel;
    private readonly Socket _socket;
    private int _linger = -1;

    public SocketChannelConfiguration(SocketChannel channel, Socket socket)
        : base(channel, ReceiveAllocator)
    {
        _channel = channel;
        _socket = socket;
        TcpNoDelay = true;
    }

    /// <inheritdoc/>
    public bool AllowHalfClosure { get; set; }

    /// <inheritdoc/>
    public int ReceiveBufferSize
    {
        get => _socket.ReceiveBufferSize;
        set => _socket.ReceiveBufferSize = value;
    }

    /// <inheritdoc/>
    public int SendBufferSize
    {
        get => _socket.SendBufferSize;
        set => _socket.SendBufferSize = value;
    }

    /// <summary>SO_LINGER in seconds; -1: off. 0 makes a close reset the connection.</summary>
    public int Linger
    {
        get => _linger;
        set
        {
            _socket.LingerState = new LingerOption(value >= 0, Math.Max(value, 0));
            _linger = value;
        }
    }

    /// <inheritdoc/>
    public bool KeepAlive
    {
        get => (int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0;
        set => _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, value);
    }

    /// <inheritdoc/>
    public bool ReuseAddress
    {
        get => SocketOptions.GetReuseAddress(_socket);
        set => SocketOptions.SetReuseAddress(_socket, value);
    }

    /// <inheritdoc/>
    public bool TcpNoDelay
    {
        get => IsTcp && _socket.NoDelay;
        set
        {
            if (IsTcp)
            {
                _socket.NoDelay = value;
            }
        }
    }

    private bool IsTcp => _socket.AddressFamily != AddressFamily.Unix;

    /// <inheritdoc/>
    public override T GetOption<T>(ChannelOption<T> option)
    {
        object? value = option switch
        {
            _ when ChannelOption.AllowHalfClosure.Equals(option) => AllowHalfClosure,
            _ when ChannelOption.SoRcvbuf.Equals(option) => ReceiveBufferSize,
            _ when ChannelOption.SoSndbuf.Equals(option) => SendBufferSize,
            _ when ChannelOption.SoLinger.Equals(option) => Linger,
            _ when ChannelOption.SoKeepalive.Equals(option) => KeepAlive,
            _ when ChannelOption.SoReuseaddr.Equals(option) => ReuseAddress,
            _ when ChannelOption.TcpNodelay.Equals(option) => TcpNoDelay,
            _ => null,
        };
        return value is null ? base.GetOption(option) : (T)value;
    }

    /// <inheritdoc/>
    public override bool SetOption<T>(ChannelOption<T> option, T value)
    {
        if (base.SetOption(option, value))
        {
            return true;
        }

        Validate(option, value);
        switch (value)
        {
            case bool on when ChannelOption.AllowHalfClosure.Equals(option):
                AllowHalfClosure = on;
                break;
            case int size when ChannelOption.SoRcvbuf.Equals(option):
                ReceiveBufferSize = size;
                break;
            case int size when ChannelOption.SoSndbuf.Equals(option):
                SendBufferSize = size;
                break;
            case int seconds when ChannelOption.SoLinger.Equals(option):
                Linger = seconds;
                break;
            case bool on when ChannelOption.SoKeepalive.Equals(option):
                KeepAlive = on;
                break;
            case bool on when ChannelOption.SoReuseaddr.Equals(option):
                ReuseAddress = on;
                break;
            case bool on when ChannelOption.TcpNodelay.Equals(option):
                TcpNoDelay = on;
                break;
            default:
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void AutoReadCleared() => _channel.ClearReadPending();
}
