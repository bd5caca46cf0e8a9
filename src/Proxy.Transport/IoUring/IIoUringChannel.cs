using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.IoUring;

/// <summary>A channel as its event loop sees it. Loop thread only.</summary>
internal interface IIoUringChannel
{
    /// <summary>
    /// The loop is about to enter the kernel: the channel queues what it needs. Only here an operation may name a descriptor
    /// (<see cref="IoUringEventLoop.BeforeClose"/>).
    /// </summary>
    /// <returns>
    /// True if the loop must not wait: there is more to send, which can be queued as soon as this is taken, or handlers were called.
    /// </returns>
    public bool Prepare();

    /// <summary>An operation of the channel has completed.</summary>
    public void OnCompletion(OperationKind kind, in CompletionEntry completion);

    /// <summary>Handling what was ready has failed in a way that it does not know: whatever state that left it in, it cannot go on.</summary>
    public void Abort(Exception bug);
}
