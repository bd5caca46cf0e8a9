using System.Net;
using DotNetty.Transport.Channels;
using Proxy.Transport.Loops;

namespace Proxy.Transport.Tests.Loops;

/// <summary>A channel that only registers and closes.</summary>
internal sealed class FakeChannel : AbstractChannel
{
    private readonly bool _failing;
    private bool _open = true;

    public FakeChannel(IChannel? parent, bool failing = false)
        : base(parent)
    {
        _failing = failing;
        Configuration = new DefaultChannelConfiguration(this);
    }

    public override IChannelConfiguration Configuration { get; }

    public override bool Open => _open;

    public override bool Active => false;

    public override ChannelMetadata Metadata { get; } = new(false);

    protected override EndPoint LocalAddressInternal => null!;

    protected override EndPoint RemoteAddressInternal => null!;

    protected override IChannelUnsafe NewUnsafe() => new PlainUnsafe(this);

    protected override bool IsCompatible(IEventLoop eventLoop) => true;

    protected override void DoRegister()
    {
        if (_failing)
        {
            throw new InvalidOperationException("refused");
        }

        ((TransportEventLoop)EventLoop).Add(this);
    }

    protected override void DoDeregister() => ((TransportEventLoop)EventLoop).Remove(this);

    protected override void DoBind(EndPoint localAddress)
    {
    }

    protected override void DoDisconnect() => DoClose();

    protected override void DoClose() => _open = false;

    protected override void DoBeginRead()
    {
    }

    protected override void DoWrite(ChannelOutboundBuffer input)
    {
        while (input.Remove())
        {
            // Sent to nobody.
        }
    }

    private sealed class PlainUnsafe(FakeChannel channel) : AbstractUnsafe(channel)
    {
        public override Task ConnectAsync(EndPoint remoteAddress, EndPoint localAddress) => Task.CompletedTask;
    }
}
