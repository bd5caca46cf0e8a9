using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;
using Proxy.Core.Backends;
using Proxy.Core.Clients;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Requests;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core;

/// <summary>
/// The running proxy: its workers, its control loop and its listeners. Here is where the rooms of Core are put together.
/// </summary>
internal sealed class ProxyInstance : IProxy, IWorkerHealth
{
    /// <summary>
    /// How long clients are served as ever after the listeners are closed: what they had sent when the end was asked for is read
    /// and answered, even if it was still in the socket.
    /// </summary>
    private static readonly TimeSpan DrainGrace = TimeSpan.FromMilliseconds(100);

    private readonly ILogger _log;
    private readonly ChannelTransport _transport;
    private readonly MemoryBudget _memory;
    private readonly IEventLoopGroup _loops;
    private readonly Worker[] _workers;
    private readonly ClientRegistry[] _clients;
    private readonly BackendRegistry[] _backends;
    private readonly Dictionary<IEventLoop, ClientRegistry> _clientsByLoop = [];
    private readonly ControlLoop _control;
    private readonly List<Listener> _listeners = [];
    private readonly SemaphoreSlim _changing = new(1);
    private readonly ProxyStatisticsSource _statistics;
    private ProxyModel _model;
    private bool _closed;

    /// <param name="model">What to run.</param>
    /// <param name="transport">The sockets.</param>
    /// <param name="version">The program's version, for INFO.</param>
    /// <param name="loggers">Where to log.</param>
    public ProxyInstance(ProxyModel model, ChannelTransport transport, string version, ILoggerFactory loggers)
    {
        _model = model;
        _transport = transport;
        _log = loggers.CreateLogger("proxy");
        _memory = new MemoryBudget(model.Process.MemoryLimit);
        var count = model.Process.Threads;
        _loops = transport.NewEventLoopGroup(count);
        _workers = new Worker[count];
        _clients = new ClientRegistry[count];
        _backends = new BackendRegistry[count];
        var facts = new ProxyFacts(version, transport.Name, LowestServerVersion, AskServers, () => _clients.Sum(clients => (long)clients.Count), BlockedClients)
        {
            AskForCommands = AskForCommands,
        };
        var directory = new ClientDirectory(_clients);
        var connector = new BackendConnector(transport);

        // Each loop once: which one GetNext gives is the group's own affair, such as the least loaded.
        var loops = _loops.Items.Cast<IEventLoop>().ToArray();
        for (var i = 0; i < count; i++)
        {
            var loop = loops[i];
            _workers[i] = new Worker(i, loop, _memory) { Log = _log };
            _backends[i] = new BackendRegistry(_workers[i], connector);
            _clients[i] = new ClientRegistry(_workers[i], _backends[i], new RequestRouter(_workers[i], facts, directory));
            _clientsByLoop.Add(loop, _clients[i]);
        }

        _control = new ControlLoop(count, OnPublished, _log);
        _statistics = new ProxyStatisticsSource(transport.Name, _control.Topology, _workers, _clients, () => _listeners.Count);
    }

    /// <inheritdoc/>
    public IStatisticsSource Statistics => _statistics;

    /// <inheritdoc/>
    public IWorkerHealth Health => this;

    /// <inheritdoc/>
    public int WorkerCount => _workers.Length;

    /// <inheritdoc/>
    public TimeSpan SinceBeat(int worker) => _workers[worker].Counters.SinceBeat;

    /// <inheritdoc/>
    public async Task StartAsync()
    {
        foreach (var worker in _workers)
        {
            worker.Start();
        }

        await _control.ApplyAsync(_model, static () => { }).ConfigureAwait(false);
        foreach (var pool in _control.Topology.Pools)
        {
            await ListenAsync(pool).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<ReloadSummary> ReloadAsync(ProxyModel model)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            var summary = ReloadComparison.Compare(_model, model);

            // New addresses first: if one cannot be bound, nothing has changed yet.
            await BindNewAsync(model).ConfigureAwait(false);
            await _control.ApplyAsync(model, PointListeners).ConfigureAwait(false);
            _model = model;
            _memory.Limit = model.Process.MemoryLimit;
            await CloseUnusedAsync().ConfigureAwait(false);
            return summary;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public async Task DrainAsync(TimeSpan timeout)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(_listeners.Select(listener => listener.CloseAsync())).ConfigureAwait(false);
            var deadline = Task.Delay(timeout);
            await Task.WhenAny(deadline, Task.Delay(DrainGrace)).ConfigureAwait(false);
            var drained = Task.WhenAll(_clients.Select(clients => OnLoopAsync(clients.Worker, clients.DrainAsync)));
            await Task.WhenAny(deadline, drained).ConfigureAwait(false);
            await CloseAsync().ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _changing.Dispose();
    }

    private static Task OnLoopAsync(Worker worker, Func<Task> action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        worker.Loop.Execute(() => action().ContinueWith(_ => done.TrySetResult(), TaskContinuationOptions.ExecuteSynchronously));
        return done.Task;
    }

    private async Task CloseAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        await Task.WhenAll(_listeners.Select(listener => listener.CloseAsync())).ConfigureAwait(false);
        await _control.DisposeAsync().ConfigureAwait(false);
        for (var i = 0; i < _workers.Length; i++)
        {
            var clients = _clients[i];
            var backends = _backends[i];
            await OnLoopAsync(
                _workers[i],
                () =>
                {
                    clients.Abort(_ => true, ClientCloseReason.Drain);
                    backends.RetireAll();
                    return Task.CompletedTask;
                }).ConfigureAwait(false);
        }

        await _loops.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(2)).ConfigureAwait(false);
    }

    private async Task<Listener> ListenAsync(ServerPool pool)
    {
        var listener = new Listener(pool.Snapshot.Model.Listen, pool, _log);
        try
        {
            await listener.BindAsync(_transport, _loops, loop => _clientsByLoop[loop]).ConfigureAwait(false);
        }
        catch
        {
            await listener.CloseAsync().ConfigureAwait(false);
            throw;
        }

        _listeners.Add(listener);
        return listener;
    }

    /// <summary>Binds the addresses of <paramref name="model"/> that nobody listens on yet; all of them or none.</summary>
    private async Task BindNewAsync(ProxyModel model)
    {
        var bound = new List<Listener>();
        try
        {
            foreach (var pool in model.Pools.Where(pool => _listeners.All(listener => listener.Address.Text != pool.Listen.Text)))
            {
                // Until the model is applied its pools do not run: a client that is very early meets one of the listener's own.
                var shards = pool.Servers.Select(server => new Shard(server.Name, new Server(pool.Name, server, _workers.Length, _control)));
                var prospect = new ServerPool(PoolSnapshot.Create(pool, [.. shards]), _workers.Length);
                bound.Add(await ListenAsync(prospect).ConfigureAwait(false));
            }
        }
        catch
        {
            foreach (var listener in bound)
            {
                _listeners.Remove(listener);
                await listener.CloseAsync().ConfigureAwait(false);
                CloseClientsOf(listener);
            }

            throw;
        }
    }

    private void PointListeners()
    {
        foreach (var listener in _listeners)
        {
            if (PoolOf(listener) is { } pool)
            {
                listener.Route.Pool = pool;
            }
        }
    }

    private async Task CloseUnusedAsync()
    {
        foreach (var listener in _listeners.Where(listener => PoolOf(listener) is null).ToArray())
        {
            _listeners.Remove(listener);
            await listener.CloseAsync().ConfigureAwait(false);
            CloseClientsOf(listener);
        }
    }

    private void CloseClientsOf(Listener listener)
    {
        foreach (var clients in _clients)
        {
            clients.Worker.Loop.Execute(() => clients.CloseWhenIdle(listener.Leads, ClientCloseReason.Removed));
        }
    }

    private ServerPool? PoolOf(Listener listener) =>
        _control.Topology.Pools.FirstOrDefault(pool => pool.Snapshot.Model.Listen.Text == listener.Address.Text);

    private void OnPublished()
    {
        for (var i = 0; i < _workers.Length; i++)
        {
            var backends = _backends[i];
            var clients = _clients[i];
            _workers[i].Loop.Execute(() =>
            {
                backends.Refresh(_control.Topology.Pools);
                clients.RefreshUsers();
            });
        }
    }

    private Task AskServers() => _control.WantFacts();

    private Task AskForCommands(ServerPool pool) => _control.WantCommands(pool);

    private long BlockedClients() => _control.Topology.Pools.Sum(pool => pool.Counters.Sum(counters => counters.BlockedClients));

    private string? LowestServerVersion()
    {
        AskServers();
        return _control.Topology.Pools
            .SelectMany(pool => pool.Snapshot.Shards)
            .Select(shard => Version.TryParse(shard.Primary.Facts?.Version, out var version) ? version : null)
            .Where(version => version is not null)
            .Min()
            ?.ToString();
    }
}
