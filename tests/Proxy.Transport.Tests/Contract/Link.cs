using DotNetty.Transport.Channels;

namespace Proxy.Transport.Tests.Contract;

/// <summary>A channel under test with its recorder, and the peer at the other end.</summary>
internal sealed record Link(IChannel Channel, Recorder Recorder, Peer Peer)
{
    /// <summary>Runs <paramref name="action"/> on the channel's loop and returns when it is done.</summary>
    public void OnLoop(Action action) => OnLoop(() =>
    {
        action();
        return true;
    });

    /// <inheritdoc cref="OnLoop(Action)"/>
    public T OnLoop<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Channel.EventLoop.Execute(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception problem)
            {
                done.SetException(problem);
            }
        });
        return done.Task.WaitAsync(Peer.Patience).GetAwaiter().GetResult();
    }
}
