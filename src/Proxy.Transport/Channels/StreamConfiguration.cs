using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace Proxy.Transport.Channels;

/// <summary>Options of a stream connection. TCP_NODELAY is on from the start; TCP options are ignored on a Unix socket.</summary>
internal sealed class StreamConfiguration : DefaultChannelConfiguration, ISocketChannelConfiguration
{
    /// <summary>
    /// The option by which the owner of a channel gives up the promises of its writes: the task of a write of a buffer is complete as soon as
    /// the channel has taken it, and that it cannot be sent is told by the end of the channel alone. Off by default.
    /// </summary>
    public static readonly ChannelOption<bool> UnpromisedWritesOption = ChannelOption.ValueOf<bool>("UNPROMISED_WRITES");

    private static readonly LoopReceiveAllocator ReceiveAllocator = new();

    private readonly ISocketOptions _socket;
    private readonly IReadingChannel _channel;
    private int _linger = -1;

    /// <param name="channel">Whose options.</param>
    /// <param name="socket">Takes those that are the system's.</param>
    public StreamConfiguration(IReadingChannel channel, ISocketOptions socket)
        : base(channel, ReceiveAllocator)
    {
        _socket = socket;
        _channel = channel;
        TcpNoDelay = true;
    }

    /// <inheritdoc/>
    public bool AllowHalfClosure { get; set; }

    /// <summary>See <see cref="UnpromisedWritesOption"/>.</summary>
    public bool UnpromisedWrites { get; private set; }

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
            _socket.SetLinger(value);
            _linger = value;
        }
    }

    /// <inheritdoc/>
    public bool KeepAlive
    {
        get => _socket.KeepAlive;
        set => _socket.KeepAlive = value;
    }

    /// <inheritdoc/>
    public bool ReuseAddress
    {
        get => _socket.ReuseAddress;
        set => _socket.ReuseAddress = value;
    }

    /// <inheritdoc/>
    public bool TcpNoDelay
    {
        get => _socket.IsTcp && _socket.NoDelay;
        set
        {
            if (_socket.IsTcp)
            {
                _socket.NoDelay = value;
            }
        }
    }

    /// <inheritdoc/>
    public override T GetOption<T>(ChannelOption<T> option)
    {
        object? value = option switch
        {
            _ when ChannelOption.AllowHalfClosure.Equals(option) => AllowHalfClosure,
            _ when UnpromisedWritesOption.Equals(option) => UnpromisedWrites,
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
            case bool on when UnpromisedWritesOption.Equals(option):
                UnpromisedWrites = on;
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
