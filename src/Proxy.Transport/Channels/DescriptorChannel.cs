using System.Net;
using DotNetty.Transport.Channels;
using Proxy.Transport.Loops;
using Proxy.Transport.Native;

namespace Proxy.Transport.Channels;

/// <summary>A channel over a descriptor of Linux on a <see cref="TransportEventLoop"/>: what connections and listeners have in common.</summary>
internal abstract class DescriptorChannel : AbstractChannel, IReadingChannel
{
    private volatile bool _open = true;

    /// <param name="parent">The listener, of an accepted connection.</param>
    /// <param name="socket">Owned by the channel from here on.</param>
    /// <param name="calls">The system.</param>
    protected DescriptorChannel(IChannel? parent, NativeSocket socket, SystemCalls calls)
        : base(parent)
    {
        Socket = socket;
        Calls = calls;
    }

    /// <inheritdoc/>
    public override bool Open => _open;

    /// <inheritdoc/>
    protected override EndPoint LocalAddressInternal => Socket.LocalAddress()!;

    /// <summary>The descriptor.</summary>
    public NativeSocket Socket { get; }

    /// <summary>The system.</summary>
    public SystemCalls Calls { get; }

    /// <summary>A read was asked for by hand (AutoRead counts by itself: it may be switched on again before it was noticed that it was off).</summary>
    public bool ReadRequested { get; set; }

    /// <summary>Forgets a read that was asked for and not yet done; AutoRead was switched off, on any thread.</summary>
    public void ClearReadPending()
    {
        if (!Registered || EventLoop.InEventLoop)
        {
            ClearRead();
        }
        else
        {
            EventLoop.Execute(static channel => ((DescriptorChannel)channel).ClearRead(), this);
        }
    }

    /// <summary>AutoRead was switched off.</summary>
    protected virtual void OnReadCleared()
    {
    }

    /// <summary>Gives the descriptor back, and what else the system holds.</summary>
    protected abstract void Release();

    /// <summary>The channel is closed from here on.</summary>
    /// <returns>False if it was closed before.</returns>
    protected bool EndOpen()
    {
        var wasOpen = _open;
        _open = false;
        return wasOpen;
    }

    /// <inheritdoc/>
    protected override IChannelId NewId() => ChannelNumber.Next();

    /// <inheritdoc/>
    protected override void DoRegister() => ((TransportEventLoop)EventLoop).Add(this);

    /// <inheritdoc/>
    protected override void DoDeregister() => ((TransportEventLoop)EventLoop).Remove(this);

    private void ClearRead()
    {
        ReadRequested = false;
        OnReadCleared();
    }
}
