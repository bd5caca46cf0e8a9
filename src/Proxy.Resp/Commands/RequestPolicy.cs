namespace Proxy.Resp.Commands;

/// <summary>The tip `request_policy:…`: where Redis says that a command for a whole cluster has to go (https://redis.io/docs/latest/develop/reference/command-tips/).</summary>
internal enum RequestPolicy
{
    /// <summary>No tip: to the shard of its keys.</summary>
    None,
    AllNodes,
    AllShards,
    MultiShard,
    Special,
}
