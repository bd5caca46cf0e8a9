using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Topology;

/// <summary>
/// One Redis process as the proxy knows it while running. It outlives snapshots and reloads as long as nothing changes that a
/// connection to it depends on, so that its connections, counters and health live on.
/// </summary>
internal sealed class Server
{
    private static int _count;
    private static int _busyCount;
    private int _mayBeBusy;
    private ServerFacts? _facts;
    private CommandReport? _commands;
    private long _askedMs = long.MinValue / 2;

    /// <param name="poolName">The pool it belongs to, for texts.</param>
    /// <param name="model">Name and address.</param>
    /// <param name="workers">How many workers count for it.</param>
    /// <param name="reports">Where workers tell what happened.</param>
    public Server(string poolName, ServerModel model, int workers, IHealthReports reports)
    {
        PoolName = poolName;
        Model = model;
        Reports = reports;
        Counters = new ServerCounters[workers];
        for (var i = 0; i < workers; i++)
        {
            Counters[i] = new ServerCounters();
        }
    }

    /// <summary>The pool it belongs to.</summary>
    public string PoolName { get; }

    /// <summary>Name, address and weight.</summary>
    public ServerModel Model { get; }

    /// <summary>The effective name, as in the ring, in error texts and in statistics.</summary>
    public string Name => Model.Name;

    /// <summary>One bit that stands for it in a set of servers; more than 64 share bits.</summary>
    public ulong Bit { get; } = 1UL << (Interlocked.Increment(ref _count) & 63);

    /// <summary>One per worker; each is written by its worker only.</summary>
    public ServerCounters[] Counters { get; }

    /// <summary>True while there is any server in the process that <see cref="MayBeBusy"/>. Cheap: usually there is none.</summary>
    public static bool AnyMayBeBusy => Volatile.Read(ref _busyCount) > 0;

    /// <summary>
    /// True if the server may be running a script and refuse everything else: a script takes long, or it said <c>-BUSY</c>. Whoever would answer
    /// in its stead asks it, and takes this back if it answers. From any thread.
    /// </summary>
    public bool MayBeBusy
    {
        get => Volatile.Read(ref _mayBeBusy) != 0;
        set
        {
            var next = value ? 1 : 0;
            if (Volatile.Read(ref _mayBeBusy) != next && Interlocked.Exchange(ref _mayBeBusy, next) != next)
            {
                Interlocked.Add(ref _busyCount, value ? 1 : -1);
            }
        }
    }

    /// <summary>Written by the control loop.</summary>
    public Health Health { get; } = new();

    /// <summary>Where workers report failures and recoveries.</summary>
    public IHealthReports Reports { get; }

    /// <summary>What it said when it was last asked on a control connection; null when it never answered. Written by the control loop.</summary>
    public ServerFacts? Facts
    {
        get => Volatile.Read(ref _facts);
        set => Volatile.Write(ref _facts, value);
    }

    /// <summary>Which commands it told of when it was last asked; null when it never did. Written by <see cref="ServerPool.Learn"/>.</summary>
    public CommandReport? Commands
    {
        get => Volatile.Read(ref _commands);
        set => Volatile.Write(ref _commands, value);
    }

    /// <summary>When it was last asked, in <see cref="Environment.TickCount64"/>. Written by the control loop.</summary>
    public long AskedMs
    {
        get => Volatile.Read(ref _askedMs);
        set => Volatile.Write(ref _askedMs, value);
    }
}
