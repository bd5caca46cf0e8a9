using System.Collections.Concurrent;
using Proxy.Transport.Epoll;
using Proxy.Transport.Native;

namespace Proxy.Transport.Tests.Faults;

/// <summary>
/// A system that misbehaves by a seeded plan, and in single calls as it is told. Where it hides that a socket is ready it has epoll look at
/// the socket again (EPOLL_CTL_MOD), so that the edge comes that a system would tell that had spoken the truth.
/// </summary>
internal sealed unsafe class FaultySystemCalls(int seed) : SystemCalls
{
    private const int ControlAdd = 1;
    private const int ControlModify = 3;

    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly ConcurrentDictionary<int, (int Epoll, byte[] Entry)> _watched = new();
    private volatile FaultPlan _plan = new();
    private long _faults;

    public FaultPlan Plan
    {
        get => _plan;
        set => _plan = value;
    }

    /// <summary>Faults of the plan that have come.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>An error number for the next accept; 0: none.</summary>
    public Func<int>? AcceptFault { get; set; }

    /// <summary>An error number for the next connect; 0: none. EINTR: the system connects all the same.</summary>
    public Func<int>? ConnectFault { get; set; }

    /// <summary>An error number for the next epoll_ctl; 0: none.</summary>
    public Func<int>? ControlFault { get; set; }

    /// <summary>An error number for the next epoll_create1; 0: none.</summary>
    public Func<int>? EpollFault { get; set; }

    /// <summary>An error number for the next eventfd; 0: none.</summary>
    public Func<int>? EventFault { get; set; }

    /// <summary>An error number for the next epoll_wait; 0: none.</summary>
    public Func<int>? WaitFault { get; set; }

    public override int Receive(int descriptor, byte* buffer, int length)
    {
        if (FaultOfBoth(descriptor) is var fault and not 0)
        {
            return fault;
        }

        if (Draw(Plan.ShortReceive) && length > 1)
        {
            var received = base.Receive(descriptor, buffer, Between(1, Math.Min(length, 3000)));
            LookAgain(descriptor);
            return received;
        }

        return base.Receive(descriptor, buffer, length);
    }

    public override int Send(int descriptor, byte* buffer, int length)
    {
        if (FaultOfBoth(descriptor) is var fault and not 0)
        {
            return fault;
        }

        return base.Send(descriptor, buffer, Draw(Plan.ShortSend) ? Between(1, length) : length);
    }

    public override int SendGathered(int descriptor, IoVector* vectors, int count)
    {
        if (FaultOfBoth(descriptor) is var fault and not 0)
        {
            return fault;
        }

        // Up to the middle of one of them.
        if (Draw(Plan.ShortSend) && Between(1, count) is var some && vectors[some - 1].Length > 1)
        {
            var whole = vectors[some - 1].Length;
            vectors[some - 1].Length = (nuint)Between(1, (int)whole - 1);
            var sent = base.SendGathered(descriptor, vectors, some);
            vectors[some - 1].Length = whole;
            return sent;
        }

        return base.SendGathered(descriptor, vectors, count);
    }

    public override int Accept(int descriptor) => AcceptFault?.Invoke() is > 0 and var error ? -error : base.Accept(descriptor);

    public override int Connect(int descriptor, ReadOnlySpan<byte> address)
    {
        switch (ConnectFault?.Invoke())
        {
            case null or 0:
                return base.Connect(descriptor, address);
            case Errno.Interrupted:
                _ = base.Connect(descriptor, address);
                return -Errno.Interrupted;
            case { } error:
                return -error;
        }
    }

    public override int EpollCreate() => EpollFault?.Invoke() is > 0 and var error ? -error : base.EpollCreate();

    public override int EventDescriptor(bool blocking = false) =>
        EventFault?.Invoke() is > 0 and var error ? -error : base.EventDescriptor(blocking);

    public override int EpollControl(int epoll, int operation, int descriptor, byte* entry)
    {
        if (ControlFault?.Invoke() is > 0 and var error)
        {
            return -error;
        }

        if (operation == ControlAdd)
        {
            _watched[descriptor] = (epoll, new ReadOnlySpan<byte>(entry, EpollEvents.Size).ToArray());
        }

        return base.EpollControl(epoll, operation, descriptor, entry);
    }

    public override int EpollWait(int epoll, byte* entries, int count, int timeoutMs) =>
        WaitFault?.Invoke() is > 0 and var error ? -error
        : Draw(Plan.Interrupted) ? -Errno.Interrupted
        : base.EpollWait(epoll, entries, count, timeoutMs);

    private int FaultOfBoth(int descriptor)
    {
        if (Draw(Plan.Interrupted))
        {
            return -Errno.Interrupted;
        }

        if (Draw(Plan.Broken))
        {
            return Draw(0.5) ? -Errno.ConnectionReset : -Errno.BrokenPipe;
        }

        if (Draw(Plan.Again))
        {
            LookAgain(descriptor);
            return -Errno.Again;
        }

        return 0;
    }

    private void LookAgain(int descriptor)
    {
        if (_watched.TryGetValue(descriptor, out var watched))
        {
            fixed (byte* entry = watched.Entry)
            {
                _ = base.EpollControl(watched.Epoll, ControlModify, descriptor, entry);
            }
        }
    }

    private bool Draw(double chance)
    {
        if (chance == 0)
        {
            return false;
        }

        lock (_lock)
        {
            if (_random.NextDouble() >= chance)
            {
                return false;
            }
        }

        Interlocked.Increment(ref _faults);
        return true;
    }

    private int Between(int least, int most)
    {
        lock (_lock)
        {
            return _random.Next(least, most + 1);
        }
    }
}
