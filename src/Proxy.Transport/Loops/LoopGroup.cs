using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Loops;

/// <summary>
/// The event loops of a process. An accepted connection goes to the loop that has the fewest of them (a few long-lived connections
/// that are dealt out in turn, or hashed, end up uneven as soon as some of them close).
/// </summary>
internal sealed class LoopGroup : AbstractEventExecutorGroup, IEventLoopGroup
{
    private readonly TransportEventLoop[] _loops;

    /// <summary>Makes and starts the loops.</summary>
    /// <param name="threads">How many, at least 1.</param>
    /// <param name="newLoop">Makes one; it gets the group and the name of its thread.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The system refused what a loop needs; none of them is left.</exception>
    public LoopGroup(int threads, Func<IEventLoopGroup, string, TransportEventLoop> newLoop)
    {
        _loops = new TransportEventLoop[threads];
        var started = 0;
        try
        {
            for (; started < threads; started++)
            {
                _loops[started] = newLoop(this, $"proxy-loop-{started}");
                _loops[started].Start();
            }
        }
        catch
        {
            Task.WaitAll(_loops.Take(started).Select(loop => loop.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.Zero)));
            throw;
        }
    }

    /// <inheritdoc/>
    public new IEnumerable<IEventLoop> Items => _loops;

    /// <inheritdoc/>
    public override bool IsShutdown => Array.TrueForAll(_loops, loop => loop.IsShutdown);

    /// <inheritdoc/>
    public override bool IsTerminated => Array.TrueForAll(_loops, loop => loop.IsTerminated);

    /// <inheritdoc/>
    public override bool IsShuttingDown => Array.TrueForAll(_loops, loop => loop.IsShuttingDown);

    /// <inheritdoc/>
    public override Task TerminationCompletion => Task.WhenAll(_loops.Select(loop => loop.TerminationCompletion));

    /// <summary>The loop with the fewest accepted connections.</summary>
    public override IEventExecutor GetNext() => LeastLoaded();

    /// <inheritdoc/>
    IEventLoop IEventLoopGroup.GetNext() => LeastLoaded();

    /// <summary>Registers the channel with the loop that has the fewest accepted connections.</summary>
    public Task RegisterAsync(IChannel channel) => LeastLoaded().RegisterAsync(channel);

    /// <inheritdoc/>
    public override Task ShutdownGracefullyAsync(TimeSpan quietPeriod, TimeSpan timeout) =>
        Task.WhenAll(_loops.Select(loop => loop.ShutdownGracefullyAsync(quietPeriod, timeout)));

    /// <inheritdoc/>
    protected override IEnumerable<IEventExecutor> GetItems() => _loops;

    private TransportEventLoop LeastLoaded()
    {
        var least = _loops[0];
        foreach (var loop in _loops)
        {
            if (loop.Load < least.Load)
            {
                least = loop;
            }
        }

        return least;
    }
}
