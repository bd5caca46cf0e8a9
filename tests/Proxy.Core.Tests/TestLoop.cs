using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Embedded;

namespace Proxy.Core.Tests;

/// <summary>A loop that belongs to the test's own thread: what is executed on it waits until <see cref="RunAll"/>.</summary>
internal sealed class TestLoop
{
    private readonly EmbeddedChannel _channel = new();

    public IEventLoop Loop => _channel.EventLoop;

    public void RunAll() => _channel.RunPendingTasks();
}
