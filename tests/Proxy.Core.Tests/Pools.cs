using System.Net;
using Proxy.Core.Model;
using Proxy.Partitioning;

namespace Proxy.Core.Tests;

/// <summary>Models for tests, made without a file.</summary>
internal static class Pools
{
    public static PoolModel Model(params string[] servers)
    {
        var names = servers.Length == 0 ? (string[])["s1", "s2"] : servers;
        return new PoolModel
        {
            Name = "pool",
            Listen = Address("127.0.0.1:1"),
            Partitioning = new PartitionerOptions { Members = [.. names.Select(name => new PartitionMember(name))] },
            Servers = [.. names.Select(name => new ServerModel { Name = name, Address = Address("127.0.0.1:1"), Weight = 1 })],
        };
    }

    public static AddressModel Address(string text) => new() { Text = text, EndPoint = IPEndPoint.Parse(text) };
}
