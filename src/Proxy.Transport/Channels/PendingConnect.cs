using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using TaskCompletionSource = DotNetty.Common.Concurrency.TaskCompletionSource;

namespace Proxy.Transport.Channels;

/// <summary>The promise of a connect that is going on, and its time limit. Loop thread only.</summary>
internal sealed class PendingConnect
{
    private TaskCompletionSource? _promise;
    private IScheduledTask? _timeout;

    /// <summary>True from <see cref="Begin"/> until <see cref="Take"/>.</summary>
    public bool Lasts => _promise is not null;

    /// <summary>The connect begins.</summary>
    /// <returns>What whoever takes the promise completes.</returns>
    public Task Begin()
    {
        _promise = new TaskCompletionSource();
        return _promise.Task;
    }

    /// <summary>Limits its time as the channel's options say.</summary>
    /// <param name="channel">The channel that is connected.</param>
    /// <param name="timeOut">Called with <paramref name="state"/> when the time is over, unless the promise was taken before.</param>
    /// <param name="state">Whatever <paramref name="timeOut"/> needs.</param>
    public void LimitTime(IChannel channel, Action<object> timeOut, object state)
    {
        if (channel.Configuration.ConnectTimeout > TimeSpan.Zero)
        {
            _timeout = channel.EventLoop.Schedule(timeOut, state, channel.Configuration.ConnectTimeout);
        }
    }

    /// <summary>The connect is decided.</summary>
    /// <returns>The promise, to be completed; null if it was decided before.</returns>
    public TaskCompletionSource? Take()
    {
        var promise = _promise;
        _promise = null;
        _timeout?.Cancel();
        _timeout = null;
        return promise;
    }

    /// <summary>The channel closes: a connect that is still going on fails.</summary>
    public void Close() => Take()?.TrySetException(new ClosedChannelException());
}
