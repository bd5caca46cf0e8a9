using Proxy.Core.Topology;

namespace Proxy.Core.Tests;

/// <summary>Servers of which nobody hears anything.</summary>
internal static class TestServers
{
    public static Server New() => new("pool", Pools.Model().Servers[0], workers: 1, Reports);

    public static IHealthReports Reports { get; } = new Silence();

    private sealed class Silence : IHealthReports
    {
        public void Failed(Server server, string reason)
        {
        }

        public void Succeeded(Server server)
        {
        }
    }
}
