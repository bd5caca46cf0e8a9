using DotNetty.Transport.Channels;
using Proxy.Transport.Loops;

namespace Proxy.Transport.Sockets;

/// <summary>An event loop without channels to wait for: the runtime's threads wait, and put what is ready into the queue as tasks.</summary>
internal sealed class SocketEventLoop : TransportEventLoop
{
    private readonly ManualResetEventSlim _wakeUp = new(false, spinCount: 0);

    /// <param name="parent">The group.</param>
    /// <param name="threadName">Shown by tools such as top and gdb.</param>
    public SocketEventLoop(IEventLoopGroup parent, string threadName)
        : base(parent, threadName)
    {
    }

    /// <inheritdoc/>
    protected override void Poll(TimeSpan limit)
    {
        if (limit != TimeSpan.Zero)
        {
            _wakeUp.Wait(limit);
            _wakeUp.Reset();
        }

        Awake();
    }

    /// <inheritdoc/>
    protected override void WakeUp() => _wakeUp.Set();

    /// <inheritdoc/>
    protected override void Release() => _wakeUp.Dispose();
}
