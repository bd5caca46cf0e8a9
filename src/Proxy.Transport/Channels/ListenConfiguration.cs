using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace Proxy.Transport.Channels;

/// <summary>Options of a listener.</summary>
internal sealed class ListenConfiguration : DefaultChannelConfiguration, IServerSocketChannelConfiguration
{
    private static readonly OptionTable<ListenConfiguration> Options = new OptionTable<ListenConfiguration>()
        .Add(ChannelOption.SoBacklog, static c => c.Backlog, static (c, connections) => c.Backlog = connections)
        .Add(ChannelOption.SoRcvbuf, static c => c._socket.ReceiveBufferSize, static (c, size) => c._socket.ReceiveBufferSize = size)
        .Add(ChannelOption.SoReuseaddr, static c => c._socket.ReuseAddress, static (c, on) => c._socket.ReuseAddress = on)
        .Add(ChannelOption.SoReuseport, static c => c._socket.ReusePort, static (c, on) => c._socket.ReusePort = on);

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
