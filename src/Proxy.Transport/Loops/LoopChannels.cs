using DotNetty.Transport.Channels;

namespace Proxy.Transport.Loops;

/// <summary>The channels of an event loop: who is to be closed at its end, and how many clients it carries. Loop thread, unless said otherwise.</summary>
internal sealed class LoopChannels
{
    private readonly HashSet<IChannel> _channels = new(ReferenceEqualityComparer.Instance);
    private int _load;

    /// <summary>Accepted connections that live here or are on their way. Any thread.</summary>
    public int Load => Volatile.Read(ref _load);

    /// <summary>Registers a channel with the loop. Any thread.</summary>
    public Task RegisterAsync(IChannel channel, IEventLoop loop)
    {
        if (channel.Parent is null)
        {
            return channel.Unsafe.RegisterAsync(loop);
        }

        // At once: who deals out the next one of a burst must see it, before this loop comes to register it.
        Interlocked.Increment(ref _load);
        var registered = channel.Unsafe.RegisterAsync(loop);
        registered.ContinueWith(
            static (_, channels) => Interlocked.Decrement(ref ((LoopChannels)channels!)._load),
            this,
            CancellationToken.None,
            TaskContinuationOptions.NotOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return registered;
    }

    /// <summary>A channel is being registered.</summary>
    public void Add(IChannel channel) => _channels.Add(channel);

    /// <summary>The registration of a channel that was added has failed.</summary>
    public void Forget(IChannel channel) => _channels.Remove(channel);

    /// <summary>A channel is closed.</summary>
    public void Remove(IChannel channel)
    {
        if (_channels.Remove(channel) && channel.Parent is not null)
        {
            Interlocked.Decrement(ref _load);
        }
    }

    /// <summary>Closes all of them.</summary>
    public void Close()
    {
        foreach (var channel in _channels.ToArray())
        {
            channel.Unsafe.CloseAsync();
        }
    }
}
