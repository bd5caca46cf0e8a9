using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Proxy.Core.Metrics;
using Proxy.Core.Model;

namespace Proxy.Core.Topology;

/// <summary>
/// The one place that decides: it owns every server's <see cref="Health"/>, ejects and returns servers, applies a reload, and
/// publishes the snapshots that workers route by. Workers only report. Everything runs one after the other on one task.
/// </summary>
internal sealed partial class ControlLoop : IHealthReports, IAsyncDisposable
{
    /// <summary>Reports beyond this are dropped: a server that fails so often is known to fail.</summary>
    private const int MaxPending = 4096;

    /// <summary>How often at most the log is told that a server fails.</summary>
    private const int TellIntervalMs = 1000;

    /// <summary>How often at most a server is asked about itself because it came back.</summary>
    private const int AskIntervalMs = 1000;

    private readonly Channel<Func<Task>> _work = Channel.CreateBounded<Func<Task>>(
        new BoundedChannelOptions(MaxPending) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly CancellationTokenSource _stop = new();
    private readonly Action _published;
    private readonly ILogger _log;
    private readonly Task _run;
    private readonly TaskCompletionSource _serversAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Task _newServersAsked = Task.CompletedTask;
    private volatile bool _factsWanted;

    /// <param name="workers">How many workers count.</param>
    /// <param name="published">Called after new snapshots were published, so that idle workers let go of what is gone.</param>
    /// <param name="log">Where ejections and recoveries are told.</param>
    public ControlLoop(int workers, Action published, ILogger log)
    {
        _published = published;
        _log = log;
        Topology = new ProxyTopology(workers, this);
        _run = Task.Run(RunAsync);
    }

    /// <summary>What runs.</summary>
    public ProxyTopology Topology { get; }

    /// <inheritdoc/>
    public void Failed(Server server, string reason) => _work.Writer.TryWrite(() => OnFailed(server, reason));

    /// <inheritdoc/>
    public void Succeeded(Server server) => _work.Writer.TryWrite(() => OnSucceeded(server));

    /// <summary>Makes <paramref name="model"/> what runs. Waits for no server.</summary>
    /// <param name="model">What shall run.</param>
    /// <param name="applied">Called when the new pools stand and before workers let go of old ones: the moment to point listeners at them.</param>
    public Task ApplyAsync(ProxyModel model, Action applied)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isTaken = _work.Writer.TryWrite(() => OnApply(model, applied, done));
        return isTaken ? done.Task : Task.FromException(new InvalidOperationException("the control loop is overloaded or has ended"));
    }

    /// <summary>
    /// Somebody wants to know what the servers are (<see cref="Server.Facts"/>): they are asked, once, on control connections. Callable
    /// from any thread.
    /// </summary>
    /// <returns>Complete when each has answered or failed to, also those that a reload brought.</returns>
    public Task WantFacts()
    {
        if (_serversAsked.Task.IsCompleted)
        {
            return _newServersAsked;
        }

        // A loop that has no time for it now is not waited for.
        return _factsWanted || _work.Writer.TryWrite(OnFactsWanted) ? _serversAsked.Task : Task.CompletedTask;
    }

    /// <summary>
    /// A client of the pool named a command that nobody knows. Its servers are asked which they have (<see cref="ServerPool.Learnt"/>), unless they
    /// were asked lately: one may have another version now, or a module that it had not. Callable from any thread.
    /// </summary>
    /// <returns>Complete when it is time to look again.</returns>
    public Task WantCommands(ServerPool pool) =>
        WantFacts() is { IsCompleted: false } first
            ? first
            : pool.Inquiry.Begin(Environment.TickCount64, pool.Snapshot.Shards.Length, () => AskAgainAsync(pool));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var step in _work.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (_stop.IsCancellationRequested)
            {
                break;
            }

            try
            {
                await step().ConfigureAwait(false);
            }
            catch (Exception bug)
            {
                // Whatever a step runs into, the next ejection, return or reload must still be decided.
                Log.StepFailed(_log, bug);
            }
        }
    }

    private Task OnApply(ProxyModel model, Action applied, TaskCompletionSource done)
    {
        try
        {
            var added = Topology.Apply(model);
            if (_factsWanted && added.Count > 0)
            {
                _newServersAsked = Task.WhenAll(_newServersAsked, LearnFactsAsync(added));
            }

            applied();
            _published();
            done.SetResult();
        }
        catch (Exception e)
        {
            // A model that was validated and still cannot be built is a bug; the caller tells the operator, the loop lives on.
            done.SetException(e);
        }

        return Task.CompletedTask;
    }

    private Task OnFactsWanted()
    {
        if (!_factsWanted)
        {
            _factsWanted = true;
            foreach (var pool in Topology.Pools)
            {
                pool.Inquiry.Note(Environment.TickCount64);
            }

            var asked = LearnFactsAsync(Topology.Pools.SelectMany(pool => pool.Snapshot.Shards).Select(shard => shard.Primary));
            _ = asked.ContinueWith(_ => _serversAsked.TrySetResult(), TaskContinuationOptions.ExecuteSynchronously);
        }

        return Task.CompletedTask;
    }

    private Task LearnFactsAsync(IEnumerable<Server> servers) =>
        Task.WhenAll(servers.Select(server => Topology.PoolOf(server) is { } pool ? LearnFactsAsync(server, pool) : Task.CompletedTask));

    /// <summary>Complete when those have answered of which that can be expected.</summary>
    private Task AskAgainAsync(ServerPool pool)
    {
        var awaited = new List<Task>();
        foreach (var server in pool.Snapshot.Shards.Select(shard => shard.Primary).Where(server => server.Health.State != ServerState.Ejected))
        {
            var isThere = server.Commands is not null && server.Health.State != ServerState.Down;
            var asked = LearnFactsAsync(server, pool);
            if (isThere)
            {
                awaited.Add(asked);
            }
        }

        return Task.WhenAll(awaited);
    }

    private Task OnFailed(Server server, string reason)
    {
        if (Topology.PoolOf(server) is not { } pool || server.Health.State == ServerState.Ejected)
        {
            return Task.CompletedTask;
        }

        var model = pool.Snapshot.Model;
        server.Health.Failures++;
        server.Health.State = ServerState.Down;
        TellDown(pool, server, reason);

        if (model.AutoEjectHosts && server.Health.Failures >= model.ServerFailureLimit)
        {
            server.Health.State = ServerState.Ejected;
            server.Health.EjectedAtMicros = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
            server.Health.Ejections++;
            Publish(pool);
            Log.ServerEjected(_log, pool.Name, server.Name, server.Model.Address.Text, server.Health.Failures, reason, model.ServerRetryTimeoutMs);
            _ = ProbeLaterAsync(server, model);
        }

        return Task.CompletedTask;
    }

    private Task OnSucceeded(Server server)
    {
        if (server.Health.State != ServerState.Ejected && Topology.PoolOf(server) is { } pool)
        {
            server.Health.Failures = 0;
            if (server.Health.IsToldDown)
            {
                server.Health.IsToldDown = false;
                Log.ServerRecovered(_log, pool.Name, server.Name, server.Model.Address.Text);
            }

            var isBack = server.Health.State == ServerState.Down;
            server.Health.State = ServerState.Up;
            if (_factsWanted && (isBack || server.Facts is null))
            {
                // It was not there when the others were asked, or may be another one since.
                _ = LearnSoonAsync(server, pool);
            }
        }

        return Task.CompletedTask;
    }

    private Task OnProbed(Server server, ProbeResult result)
    {
        if (Topology.PoolOf(server) is not { } pool || server.Health.State != ServerState.Ejected)
        {
            return Task.CompletedTask;
        }

        if (!result.Ok)
        {
            Log.ServerStillEjected(_log, pool.Name, server.Name, server.Model.Address.Text, result.Reason);
            _ = ProbeLaterAsync(server, pool.Snapshot.Model);
            return Task.CompletedTask;
        }

        Take(result, server, pool);
        server.Health.Failures = 0;
        server.Health.State = ServerState.Up;
        server.Health.IsToldDown = false;
        Publish(pool);
        Log.ServerReturned(_log, pool.Name, server.Name, server.Model.Address.Text);
        return Task.CompletedTask;
    }

    /// <summary>
    /// A server that answers once and fails again would fill the log. What is not told because the last time is not long ago is told
    /// by a later failure, if it lasts.
    /// </summary>
    private void TellDown(ServerPool pool, Server server, string reason)
    {
        var now = Environment.TickCount64;
        if (!server.Health.IsToldDown && now - server.Health.ToldDownMs >= TellIntervalMs)
        {
            server.Health.IsToldDown = true;
            server.Health.ToldDownMs = now;
            Log.ServerFailing(_log, pool.Name, server.Name, server.Model.Address.Text, reason);
        }
    }

    private void Publish(ServerPool pool)
    {
        ProxyTopology.Republish(pool);
        _published();
    }

    private async Task ProbeLaterAsync(Server server, PoolModel model)
    {
        try
        {
            await Task.Delay(model.ServerRetryTimeoutMs, _stop.Token).ConfigureAwait(false);
            var result = await ServerProbe.AskAsync(server.Model, model, _stop.Token).ConfigureAwait(false);
            await _work.Writer.WriteAsync(() => OnProbed(server, result), _stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The proxy ends.
        }
    }

    private async Task LearnFactsAsync(Server server, ServerPool pool)
    {
        server.AskedMs = Environment.TickCount64;
        Take(await ServerProbe.AskAsync(server.Model, pool.Snapshot.Model, _stop.Token).ConfigureAwait(false), server, pool);
    }

    /// <summary>The same for a server that came back, which one that goes up and down does all the time.</summary>
    private async Task LearnSoonAsync(Server server, ServerPool pool)
    {
        var now = Environment.TickCount64;
        var wait = server.AskedMs + AskIntervalMs - now;
        if (wait > AskIntervalMs)
        {
            // It will be asked.
            return;
        }

        server.AskedMs = now + Math.Max(wait, 1);
        try
        {
            await Task.Delay((int)Math.Max(wait, 0), _stop.Token).ConfigureAwait(false);
            await LearnFactsAsync(server, pool).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The proxy ends.
        }
    }

    private static void Take(ProbeResult result, Server server, ServerPool pool)
    {
        server.Facts = result.Facts ?? server.Facts;
        if (result.Commands is { } commands)
        {
            pool.Learn(server, commands);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "unexpected error in the control loop")]
        public static partial void StepFailed(ILogger log, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "server failing: pool {Pool}, server {Server} at {Address}: {Reason}")]
        public static partial void ServerFailing(ILogger log, string pool, string server, string address, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "server recovered: pool {Pool}, server {Server} at {Address}")]
        public static partial void ServerRecovered(ILogger log, string pool, string server, string address);

        [LoggerMessage(Level = LogLevel.Error, Message = "server ejected: pool {Pool}, server {Server} at {Address} failed {Failures} times, last: {Reason}; its keys go to the other servers; next check in {RetryMs} ms")]
        public static partial void ServerEjected(ILogger log, string pool, string server, string address, int failures, string reason, int retryMs);

        [LoggerMessage(Level = LogLevel.Warning, Message = "server stays ejected: pool {Pool}, server {Server} at {Address}: {Reason}")]
        public static partial void ServerStillEjected(ILogger log, string pool, string server, string address, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "server returned to the pool: pool {Pool}, server {Server} at {Address} answered its health check")]
        public static partial void ServerReturned(ILogger log, string pool, string server, string address);
    }
}
