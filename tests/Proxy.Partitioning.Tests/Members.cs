namespace Proxy.Partitioning.Tests;

/// <summary>Members for tests.</summary>
internal static class Members
{
    internal static PartitionMember[] Named(params string[] names) => [.. names.Select(name => new PartitionMember(name))];

    /// <summary>As many as asked for, named server1, server2, …</summary>
    internal static PartitionMember[] Equal(int count) => [.. Enumerable.Range(1, count).Select(i => new PartitionMember($"server{i}"))];

    internal static PartitionMember[] Weighted(params int[] weights) => [.. weights.Select((weight, i) => new PartitionMember($"server{i + 1}", weight))];
}
