using DotNetty.Transport.Channels;

namespace Proxy.Transport.Channels;

/// <summary>A channel as its configuration sees it.</summary>
internal interface IReadingChannel : IChannel
{
    /// <summary>AutoRead was switched off, on any thread: a read that was asked for and not yet done is forgotten.</summary>
    public void ClearReadPending();
}
