namespace Proxy.Core.Topology;

/// <summary>What a ring point, a range or a slot names. Today one server; later a master and its replicas.</summary>
/// <param name="Name">The server's effective name.</param>
/// <param name="Primary">Where its requests go.</param>
internal sealed record Shard(string Name, Server Primary);
