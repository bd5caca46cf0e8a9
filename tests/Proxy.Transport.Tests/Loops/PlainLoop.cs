using System.Net.Sockets;
using DotNetty.Transport.Channels;
using Proxy.Transport.Loops;

namespace Proxy.Transport.Tests.Loops;

/// <summary>A loop without channels to wait for, which may fail to open.</summary>
internal sealed class PlainLoop(IEventLoopGroup parent, string threadName, bool fails) : TransportEventLoop(parent, threadName)
{
    private readonly SemaphoreSlim _wakeUp = new(0);

    public bool Opened { get; private set; }

    public int Released { get; private set; }

    protected override void Open()
    {
        if (fails)
        {
            throw new SocketException((int)SocketError.TooManyOpenSockets);
        }

        Opened = true;
    }

    protected override void Poll(TimeSpan limit)
    {
        _wakeUp.Wait(limit);
        Awake();
    }

    protected override void WakeUp() => _wakeUp.Release();

    protected override void Release() => Released++;
}
