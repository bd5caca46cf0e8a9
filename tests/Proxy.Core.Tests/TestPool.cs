using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Embedded;
using Proxy.Core.Backends;
using Proxy.Core.Clients;
using Proxy.Core.Model;
using Proxy.Core.Requests;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Tests;

/// <summary>One worker, on the test's own thread, and one pool, whose servers nobody reaches.</summary>
internal sealed class TestPool
{
    private readonly ProxyTopology _topology = new(workers: 1, TestServers.Reports);
    private readonly EmbeddedChannel _channel;

    /// <param name="model">The pool.</param>
    /// <param name="channel">Of whose loop the worker is.</param>
    /// <param name="connector">Opens channels to servers; without it nobody is reached.</param>
    public TestPool(PoolModel? model = null, EmbeddedChannel? channel = null, IBackendConnector? connector = null)
    {
        _channel = channel ?? new EmbeddedChannel();
        Worker = new Worker(0, _channel.EventLoop, new MemoryBudget(0));
        Publish(model ?? Pools.Model());
        connector ??= new BackendConnector(new ChannelTransport("none", _ => null!, Unreachable, _ => null!, null));
        Backends = new BackendRegistry(Worker, connector);
        Facts = new ProxyFacts("0", "none", () => null, () => ServersAsked, () => 1) { AskForCommands = _ => CommandsAsked };
        Router = new RequestRouter(Worker, Facts, new ClientDirectory([]));
    }

    public Worker Worker { get; }

    public ServerPool Pool => _topology.Pools[0];

    public BackendRegistry Backends { get; }

    public PoolConnections Connections => Backends.For(Pool);

    public ProxyFacts Facts { get; }

    public RequestRouter Router { get; }

    /// <summary>What asking the servers about themselves gives.</summary>
    public Task ServersAsked { get; set; } = Task.CompletedTask;

    /// <summary>What asking the servers for their commands gives.</summary>
    public Task CommandsAsked { get; set; } = Task.CompletedTask;

    /// <summary>Publishes another model of the pool, which the worker takes up.</summary>
    public void Apply(PoolModel model)
    {
        Publish(model);
        Backends.Refresh(_topology.Pools);
    }

    /// <summary>Publishes another model of the pool.</summary>
    public void Publish(PoolModel model) => _topology.Apply(new ProxyModel(new ProcessModel { Threads = 1 }, [model]));

    /// <summary>Runs what is on the loop.</summary>
    public void RunAll() => _channel.RunPendingTasks();

    private static IChannel Unreachable(System.Net.EndPoint server) => throw new IOException("no server");
}
