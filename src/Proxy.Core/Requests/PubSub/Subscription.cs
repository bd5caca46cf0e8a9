namespace Proxy.Core.Requests.PubSub;

/// <summary>One client's subscription to one channel or pattern.</summary>
/// <param name="client">Whose it is.</param>
/// <param name="channel">To what.</param>
internal sealed class Subscription(ClientSession client, HubChannel channel)
{
    public ClientSession Client { get; } = client;

    public HubChannel Channel { get; } = channel;

    /// <summary>Its place in the channel's list.</summary>
    public int Index { get; set; }
}
