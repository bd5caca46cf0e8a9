using Proxy.Core.Model;

namespace Proxy.Core;

/// <summary>Whether two pools are configured alike. A record's own equality compares its collections by reference.</summary>
internal static class PoolComparison
{
    /// <summary>Compares every key of two pools.</summary>
    public static bool AreSame(PoolModel one, PoolModel other) =>
        one.Servers.Select(server => (server.Name, server.Address.Text, server.Weight))
            .SequenceEqual(other.Servers.Select(server => (server.Name, server.Address.Text, server.Weight)))
        && one.DenyCommands.SetEquals(other.DenyCommands)
        && (one.Password ?? []).AsSpan().SequenceEqual(other.Password ?? [])
        && one.Users.Length == other.Users.Length
        && one.Users.Zip(other.Users).All(pair => pair.First.IsLike(pair.Second))
        && one.Listen.Text == other.Listen.Text
        && SamePartitioning(one, other)
        && one with
        {
            Servers = other.Servers,
            DenyCommands = other.DenyCommands,
            Password = other.Password,
            Users = other.Users,
            Listen = other.Listen,
            Partitioning = other.Partitioning,
        }
        == other;

    private static bool SamePartitioning(PoolModel one, PoolModel other)
    {
        var a = one.Partitioning;
        var b = other.Partitioning;
        return a.Distribution == b.Distribution
            && a.Hash == b.Hash
            && a.HashTag == b.HashTag
            && a.By == b.By
            && a.Otherwise == b.Otherwise
            && (a.Bounds ?? []).SequenceEqual(b.Bounds ?? [])
            && (a.Slots ?? []).SelectMany((ranges, member) => ranges.Select(range => (member, range)))
                .SequenceEqual((b.Slots ?? []).SelectMany((ranges, member) => ranges.Select(range => (member, range))));
    }
}
