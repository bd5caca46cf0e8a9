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

    private static readonly OptionTable<StreamConfiguration> Options = new OptionTable<StreamConfiguration>()
        .Add(ChannelOption.AllowHalfClosure, static c => c.AllowHalfClosure, static (c, on) => c.AllowHalfClosure = on)
        .Add(UnpromisedWritesOption, static c => c.UnpromisedWrites, static (c, on) => c.UnpromisedWrites = on)
        .Add(ChannelOption.SoRcvbuf, static c => c.ReceiveBufferSize, static (c, size) => c.ReceiveBufferSize = size)
        .Add(ChannelOption.SoSndbuf, static c => c.SendBufferSize, static (c, size) => c.SendBufferSize = size)
        .Add(ChannelOption.SoLinger, static c => c.Linger, static (c, seconds) => c.Linger = seconds)
        .Add(ChannelOption.SoKeepalive, static c => c.KeepAlive, static (c, on) => c.KeepAlive = on)
        .Add(ChannelOption.SoReuseaddr, static c => c.ReuseAddress, static (c, on) => c.ReuseAddress = on)
        .Add(ChannelOption.TcpNodelay, static c => c.TcpNoDelay, static (c, on) => c.TcpNoDelay = on);

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
    public override T GetOption<T>(ChannelOption<T> option) => Options.TryGet(this, option, out var value) ? value : base.GetOption(option);

    /// <inheritdoc/>
    public override bool SetOption<T>(ChannelOption<T> option, T value)
    {
        Validate(option, value);
        return Options.TrySet(this, option, value) || base.SetOption(option, value);
    }

    /// <inheritdoc/>
    protected override void AutoReadCleared() => _channel.ClearReadPending();
}
