namespace Proxy.Resp.Commands;

/// <summary>The tip `response_policy:…`: how Redis says that the replies of several shards become one (https://redis.io/docs/latest/develop/reference/command-tips/).</summary>
internal enum ResponsePolicy
{
    /// <summary>No tip: elements in the order of the request's keys.</summary>
    None,
    OneSucceeded,
    AllSucceeded,
    AggLogicalAnd,
    AggLogicalOr,
    AggMin,
    AggMax,
    AggSum,
    Special,
}
