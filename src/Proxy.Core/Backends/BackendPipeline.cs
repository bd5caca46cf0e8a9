using DotNetty.Transport.Channels;

namespace Proxy.Core.Backends;

/// <summary>The handlers of a server channel, top to bottom: the table of contents of the way back. The twin of <c>ClientPipeline</c>.</summary>
internal static class BackendPipeline
{
    /// <summary>Fills the pipeline.</summary>
    public static void Build(IChannelPipeline pipeline, BackendHandler handler)
    {
        pipeline.AddLast("replies", handler); // bytes → ReplyScanner → InFlight, first in first out
    }
}
