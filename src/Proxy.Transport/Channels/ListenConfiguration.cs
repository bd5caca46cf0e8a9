using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace Proxy.Transport.Channels;

/// <summary>Options of a listener.</summary>
internal sealed class ListenConfiguration : DefaultChannelConfiguration, IServerSocketChannelConfiguration
{
    private readonly ISocketOptions _socket;
    private readonly IReadingChannel _channel;

    /// <param name="channel">Whose options.</param>
    /// <param name="socket">Takes those that are the system's.</param>
    public ListenConfiguration(IReadingChannel channel, ISocketOptions socket)
        : base(channel)
    {
        _socket = socket;
        _channel = channel;
    }

    /// <summary>Connections that the system completes before they are accepted; takes effect at bind.</summary>
    public int Backlog { get; set; } = 512;

    /// <inheritdoc/>
    public override T GetOption<T>(ChannelOption<T> option)
    {
        object? value = option switch
        {
            _ when ChannelOption.SoBacklog.Equals(option) => Backlog,
            _ when ChannelOption.SoRcvbuf.Equals(option) => _socket.ReceiveBufferSize,
            _ when ChannelOption.SoReuseaddr.Equals(option) => _socket.ReuseAddress,
            _ when ChannelOption.SoReuseport.Equals(option) => _socket.ReusePort,
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
            case int connections when ChannelOption.SoBacklog.Equals(option):
                Backlog = connections;
                break;
            case int size when ChannelOption.SoRcvbuf.Equals(option):
                _socket.ReceiveBufferSize = size;
                break;
            case bool on when ChannelOption.SoReuseaddr.Equals(option):
                _socket.ReuseAddress = on;
                break;
            case bool on when ChannelOption.SoReuseport.Equals(option):
                _socket.ReusePort = on;
                break;
            default:
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void AutoReadCleared() => _channel.ClearReadPending();
}
