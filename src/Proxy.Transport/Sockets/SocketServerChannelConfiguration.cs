using System.Net.Sockets;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace Proxy.Transport.Sockets;

/// <summary>Options of a <see cref="SocketServerChannel"/>.</summary>
internal sealed class SocketServerChannelConfiguration : DefaultChannelConfiguration, IServerSocketChannelConfiguration
{
    private readonly SocketServerChannel _channel;
    private readonly Socket _socket;

    public SocketServerChannelConfiguration(SocketServerChannel channel, Socket socket)
        : base(channel)
    {
        _channel = channel;
        _socket = socket;
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
            _ when ChannelOption.SoReuseaddr.Equals(option) => SocketOptions.GetReuseAddress(_socket),
            _ when ChannelOption.SoReuseport.Equals(option) => SocketOptions.GetReusePort(_socket),
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
                SocketOptions.SetReuseAddress(_socket, on);
                break;
            case bool on when ChannelOption.SoReuseport.Equals(option):
                SocketOptions.SetReusePort(_socket, on);
                break;
            default:
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void AutoReadCleared() => _channel.ClearReadPending();
}
