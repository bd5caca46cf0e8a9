using System.Net.Sockets;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using Proxy.Transport.Loops;

namespace Proxy.Transport.Sockets;

/// <summary>
/// A pending operation of one channel, reused for every operation of its kind. The runtime completes it on a thread of its own; it then puts
/// itself on the channel's event loop, where <c>finish</c> runs.
/// </summary>
internal sealed class SocketOperation : SocketAsyncEventArgs, IRunnable
{
    private readonly IChannel _channel;
    private readonly IRunnable _finish;

    /// <summary>An operation without buffer; the execution context is not carried along (that is what <c>true</c> says).</summary>
    /// <param name="channel">The channel whose loop finishes the operation.</param>
    /// <param name="finish">What runs on the loop when the operation is complete.</param>
    public SocketOperation(IChannel channel, IRunnable finish)
        : base(true)
    {
        _channel = channel;
        _finish = finish;
    }

    /// <summary>Between start and finish: the buffers and the socket belong to the operating system.</summary>
    public bool Pending { get; private set; }

    /// <summary>Marks the operation as started. Called on the loop, before the socket gets it.</summary>
    public void Begin()
    {
        Pending = true;
        (_channel.EventLoop as TransportEventLoop)?.OperationStarted();
    }

    /// <summary>Marks the operation as complete; for one that completed at once and is finished on the spot.</summary>
    public void End()
    {
        Pending = false;
        (_channel.EventLoop as TransportEventLoop)?.OperationEnded();
    }

    /// <summary>Takes the way back to the loop; called by the runtime, or by the channel if the operation completed at once.</summary>
    public void Post()
    {
        try
        {
            _channel.EventLoop.Execute(this);
        }
        catch (RejectedExecutionException)
        {
            // The loop has ended and nothing runs on it any more: what is left is to give everything back, here.
            _channel.Unsafe.CloseForcibly();
            Run();
        }
    }

    /// <inheritdoc/>
    public void Run()
    {
        End();
        _finish.Run();
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => Post();
}
