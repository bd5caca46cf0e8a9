namespace Proxy.Core.Topology;

/// <summary>The three name spaces of Pub/Sub.</summary>
internal enum ChannelKind : byte
{
    /// <summary>SUBSCRIBE: <c>message</c>.</summary>
    Channel,

    /// <summary>PSUBSCRIBE: <c>pmessage</c>.</summary>
    Pattern,

    /// <summary>SSUBSCRIBE: <c>smessage</c>.</summary>
    Shard,
}
