namespace Proxy.Core.Backends;

/// <summary>The ways of one client to the shards of its pool: connections that it shares with others, or its own.</summary>
internal interface IShardLinks
{
    /// <summary>Whether a request may be sent to a shard now; opens a connection where there is none.</summary>
    /// <param name="shard">Index of the shard in the pool's snapshot.</param>
    /// <param name="affinity">The client's own number, not negative.</param>
    /// <param name="link">Without a failure the connection: exactly one request is to be entered.</param>
    /// <returns>Null, or why not.</returns>
    public BackendFailure? Accept(int shard, long affinity, out IServerLink link);
}
