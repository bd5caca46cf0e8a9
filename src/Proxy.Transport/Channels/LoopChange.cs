using DotNetty.Transport.Channels;

namespace Proxy.Transport.Channels;

/// <summary>
/// A channel stays on the event loop that it was registered with, as long as it is open: what the system holds for it there, and in which order
/// that comes back, would have to be moved with it, and nobody needs that.
/// </summary>
internal static class LoopChange
{
    /// <summary>The answer to <see cref="IChannel.DeregisterAsync"/> while the channel is open. It goes on as if it had not been asked.</summary>
    public static Task Refuse() => Task.FromException(
        new NotSupportedException("an open channel stays on the event loop that it was registered with; close it instead"));
}
