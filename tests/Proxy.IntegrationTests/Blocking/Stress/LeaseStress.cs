using System.Diagnostics;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking.Stress;

/// <summary>
/// Many clients that wait for what others do: some are served, some vanish, while servers are killed and started again and the configuration is
/// loaded anew. The first of three servers never dies. The others write everything down before they answer.
/// </summary>
internal sealed class LeaseStress : IDisposable
{
    /// <summary>Threads of the proxy.</summary>
    public const int ProxyThreads = 2;

    private const int Threads = 3;

    /// <summary>How long a client may still wait when it is to end what it does: elements are pushed meanwhile.</summary>
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(30);

    private static readonly string[] Durable = ["--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0"];

    private readonly List<StressClient> _clients = [];
    private readonly List<Exception> _problems = [];
    private readonly Stopwatch _clock = new();
    private readonly TimeSpan _duration;
    private readonly MetricsReader _metrics = new();
    private volatile bool _isOver;
    private int _stepping = Threads;

    /// <param name="scale">How many clients of each kind there are, in units of some.</param>
    /// <param name="duration">How long they go on.</param>
    public LeaseStress(int scale, TimeSpan duration)
    {
        _duration = duration;
        Topology = RedisTopology.Start(
            [RedisServer.Start(), RedisServer.Start(Durable), RedisServer.Start(Durable)],
            [$"threads: {ProxyThreads}", _metrics.Key],
            "leased_connections: 20000");
        Vanishing = new VanishingClients(Topology, 10 * scale);
        for (var i = 0; i < 10 * scale; i++)
        {
            _clients.Add(new PoppingClient(Topology.Proxy, $"popping{i}", Logs[0]));
            _clients.Add(new MovingClient(Topology.Proxy, 1, $"moving:1:{i}", Logs[1]));
            _clients.Add(new MovingClient(Topology.Proxy, 2, $"moving:2:{i}", Logs[2]));
        }

        for (var i = 0; i < 3 * scale; i++)
        {
            _clients.Add(new ReadingClient(Topology.Proxy, $"reading{i}"));
            _clients.Add(new WritingClient(Topology.Proxy, i % 3, $"writing{i}"));
        }
    }

    public RedisTopology Topology { get; }

    /// <summary>What went through the list of each server.</summary>
    public IReadOnlyList<ElementLog> Logs { get; } = [new(), new(), new()];

    public VanishingClients Vanishing { get; }

    /// <summary>How often a server died.</summary>
    public int Deaths { get; private set; }

    /// <summary>Round trips of a client that only gets, before the others come and while they are there, in milliseconds.</summary>
    public (List<double> Before, List<double> During) Gets { get; } = ([], []);

    /// <summary>A sum over the series of a metric of the proxy.</summary>
    public double Metric(string name) => _metrics.Sum(name);

    /// <summary>A key on a server.</summary>
    public static string Key(int server, string name) => $"{{{RedisTopology.Key(server)}}}{name}";

    /// <summary>Everything from the first client to the last reply.</summary>
    public void Run()
    {
        Get(Gets.Before, until: () => _clock.Elapsed > TimeSpan.FromSeconds(1));
        Action[] actors =
        [
            .. Enumerable.Range(0, Threads).Select(thread => (Action)(() => Step(thread))),
            .. Enumerable.Range(0, 3).Select(server => (Action)(() => Push(server))),
            Vanish, KillAndReload, () => Get(Gets.During, until: () => _isOver),
        ];
        _clock.Restart();
        var threads = actors.Select(actor => new Thread(() => Guard(actor))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (_problems.Count > 0)
        {
            throw new AggregateException(_problems);
        }
    }

    /// <summary>All clients go.</summary>
    public void Leave() => _clients.ForEach(client => client.Dispose());

    public void Dispose()
    {
        Leave();
        _metrics.Dispose();
        Topology.Dispose();
    }

    private void Guard(Action actor)
    {
        try
        {
            actor();
        }
        catch (Exception problem)
        {
            lock (_problems)
            {
                _problems.Add(problem);
            }
        }

        // The first that ends, ends all.
        _isOver = true;
    }

    private void Step(int thread)
    {
        var mine = _clients.Where((_, i) => i % Threads == thread).ToList();
        try
        {
            while (!_isOver)
            {
                mine.ForEach(client => client.Step(mayBegin: true));
                Eventually.LetTimePass(TimeSpan.FromMilliseconds(2));
            }

            Eventually.Equal(() => mine.Count(client => client.Step(mayBegin: false)), 0, "clients that wait", LastWait);
        }
        finally
        {
            Interlocked.Decrement(ref _stepping);
        }
    }

    private void Push(int server)
    {
        using var client = Topology.Connect();
        var log = Logs[server];
        for (var number = 1; !_isOver || Volatile.Read(ref _stepping) > 0; number++)
        {
            var element = $"{server}:{number}";
            (client.Call("RPUSH", Key(server, "queue"), element)[0] == ':' ? log.Pushed : log.Perhaps).Add(element);
            if (server == 0)
            {
                client.Call("XADD", Key(0, "stream"), $"{number}-1", "f", "v");
            }

            Eventually.LetTimePass(TimeSpan.FromMilliseconds(1));
        }
    }

    private void Vanish()
    {
        while (_clock.Elapsed < _duration)
        {
            Vanishing.Round();
        }
    }

    private void KillAndReload()
    {
        while (!_isOver)
        {
            var server = 1 + (Deaths % 2);
            Eventually.LetTimePass(TimeSpan.FromSeconds(1));
            Topology.Servers[server].Kill();
            Eventually.LetTimePass(TimeSpan.FromMilliseconds(300));
            Topology.Servers[server].Restart();
            Deaths++;
            Reload($"leased_connections: {20_000 + Deaths}");
        }
    }

    private void Reload(string key)
    {
        var file = Topology.Proxy.File;
        var pool = file.Pools[0];
        Topology.Proxy.Reload(file with { Pools = [pool with { Keys = [.. pool.Keys.Where(old => !old.StartsWith("leased_", StringComparison.Ordinal)), key] }] });
    }

    private void Get(List<double> times, Func<bool> until)
    {
        using var client = Topology.Connect();
        client.Call("SET", Key(0, "got"), "v");
        _clock.Start();
        while (!until())
        {
            var begin = Stopwatch.GetTimestamp();
            if (client.Call("GET", Key(0, "got")) != "$1\r\nv\r\n")
            {
                throw new InvalidOperationException("a GET got something else");
            }

            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            Eventually.LetTimePass(TimeSpan.FromMilliseconds(1));
        }
    }
}
