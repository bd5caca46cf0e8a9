using System.Diagnostics;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Sockets;

/// <summary>
/// DotNetty's event loop, which knows its channels: a shutdown closes those that are still open, listeners too, and runs what follows from
/// that before the thread ends. A task that comes after the end is rejected.
/// </summary>
internal sealed class SocketEventLoop : SingleThreadEventLoop
{
    // How long a shutdown waits for the system to give back what it was told to let go.
    private static readonly TimeSpan CleanupLimit = TimeSpan.FromSeconds(2);

    private readonly HashSet<IChannel> _channels = new(ReferenceEqualityComparer.Instance);
    private int _operations;
    private bool _closing;

    /// <summary>Starts the thread.</summary>
    /// <param name="parent">The group.</param>
    /// <param name="threadName">Shown by tools such as top and gdb.</param>
    public SocketEventLoop(IEventLoopGroup parent, string threadName)
        : base(parent, threadName)
    {
        AddShutdownHook(CloseChannels);
    }

    /// <summary>A channel is being registered. Loop thread only.</summary>
    /// <exception cref="RejectedExecutionException">The loop is ending: nobody would close the channel.</exception>
    public void Add(IChannel channel)
    {
        if (_closing)
        {
            throw Rejected();
        }

        _channels.Add(channel);
    }

    /// <summary>A channel is closed. Loop thread only.</summary>
    public void Remove(IChannel channel) => _channels.Remove(channel);

    /// <summary>The system holds an operation, and with it perhaps a buffer, of one of the channels. Loop thread only.</summary>
    public void OperationStarted() => _operations++;

    /// <summary>The system has given an operation back. Loop thread only.</summary>
    public void OperationEnded() => _operations--;

    /// <inheritdoc/>
    /// <exception cref="RejectedExecutionException">The loop has ended.</exception>
    public override void Execute(IRunnable task)
    {
        if (IsShutdown)
        {
            throw Rejected();
        }

        base.Execute(task);
    }

    /// <summary>Takes back the operations of the closed channels: their buffers belong to allocators that live on.</summary>
    protected override void Cleanup()
    {
        var clock = Stopwatch.StartNew();
        while (_operations > 0 && clock.Elapsed < CleanupLimit)
        {
            if (!RunAllTasks())
            {
                Thread.Yield();
            }
        }
    }

    private static RejectedExecutionException Rejected() => new("the event loop has ended");

    private void CloseChannels()
    {
        _closing = true;
        foreach (var channel in _channels.ToArray())
        {
            channel.Unsafe.CloseAsync();
        }
    }
}
