namespace Proxy.Core.Topology;

/// <summary>What stands behind the subscriptions of ours that receive what is published on a channel.</summary>
/// <param name="Hubs">Workers that the server confirmed a subscription to.</param>
/// <param name="Subscribers">Their clients.</param>
internal readonly record struct SubscriptionCounts(int Hubs, int Subscribers);
