using DotNetty.Transport.Channels;

namespace Proxy.Core.Clients;

/// <summary>The handlers of a client channel, top to bottom: the table of contents of the data path. The twin of <c>BackendPipeline</c>.</summary>
internal static class ClientPipeline
{
    /// <summary>Fills the pipeline.</summary>
    public static void Build(IChannelPipeline pipeline, ClientConnection client)
    {
        pipeline.AddLast("requests", client.Decoder); // bytes → RequestFrame → ClientConnection → RequestRouter
        pipeline.AddLast("client", new ClientHandler(client)); // life and death of the connection
    }
}
