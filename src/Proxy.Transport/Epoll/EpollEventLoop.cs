using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;
using Proxy.Transport.Loops;
using Proxy.Transport.Native;

namespace Proxy.Transport.Epoll;

/// <summary>
/// An event loop over epoll, edge-triggered: a descriptor is registered once, for everything, and never touched again. A turn waits, lets each
/// ready channel read, and ends with the tasks, among them whatever its users defer to write once.
/// </summary>
internal sealed unsafe class EpollEventLoop : TransportEventLoop
{
    private const int EventsPerTurn = 512;
    private const int ControlAdd = 1;
    // No channel's: the table would have to hold four billion.
    private const ulong WakeUpNumber = ulong.MaxValue;

    private readonly SystemCalls _calls;
    private readonly ChannelSlots<IEpollChannel> _slots = new();
    private readonly EpollEvents _events = new(EventsPerTurn);
    private List<IEpollChannel> _unfinished = [];
    private List<IEpollChannel> _continuing = [];
    private int _epoll = -1;
    private int _wakeUp = -1;

    /// <param name="parent">The group.</param>
    /// <param name="threadName">Shown by tools such as top and gdb.</param>
    /// <param name="calls">The system.</param>
    public EpollEventLoop(IEventLoopGroup parent, string threadName, SystemCalls calls)
        : base(parent, threadName)
    {
        _calls = calls;
    }

    /// <summary>Collects what a channel sends; used within one call.</summary>
    public IoVectors Vectors { get; } = new();

    /// <summary>Registers a descriptor, once for its life; closing it ends the registration.</summary>
    /// <returns>The channel's number, for <see cref="Unwatch"/>.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">The system has no room for it.</exception>
    public ulong Watch(IEpollChannel channel, int descriptor)
    {
        var number = _slots.Add(channel);
        try
        {
            Register(descriptor, EpollEvents.In | EpollEvents.Out | EpollEvents.PeerHangUp | EpollEvents.EdgeTriggered, number);
            return number;
        }
        catch
        {
            _slots.Remove(number);
            throw;
        }
    }

    /// <summary>The channel is closed: events that the system has told already do not reach it any more.</summary>
    public void Unwatch(ulong number) => _slots.Remove(number);

    /// <summary>Gives the channel another go in the next turn, which does not wait. The channel asks once per turn.</summary>
    public void Continue(IEpollChannel channel) => _unfinished.Add(channel);

    /// <inheritdoc/>
    protected override void Open()
    {
        _epoll = Check(_calls.EpollCreate());
        _wakeUp = Check(_calls.EventDescriptor());

        // Never read: each write is an edge of its own.
        Register(_wakeUp, EpollEvents.In | EpollEvents.EdgeTriggered, WakeUpNumber);
    }

    /// <inheritdoc/>
    protected override void Poll(TimeSpan limit)
    {
        var timeout = _unfinished.Count > 0 ? 0 : limit == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Min(limit.TotalMilliseconds, int.MaxValue);
        var count = _calls.EpollWait(_epoll, _events.Pointer, _events.Capacity, timeout);
        Awake();
        ContinueUnfinished();

        // A signal (of the runtime, for one) comes first now and then.
        if (count != -Errno.Interrupted)
        {
            Check(count);
        }

        for (var i = 0; i < count; i++)
        {
            if (_slots.Find(_events.Data(i)) is { } channel)
            {
                Tell(channel, _events.Mask(i));
            }
        }
    }

    /// <inheritdoc/>
    protected override void WakeUp()
    {
        var one = 1UL;
        _ = LibC.Write(_wakeUp, &one, sizeof(ulong));
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        Close(_wakeUp);
        Close(_epoll);
        _events.Dispose();
        Vectors.Dispose();
    }

    private void ContinueUnfinished()
    {
        if (_unfinished.Count == 0)
        {
            return;
        }

        (_continuing, _unfinished) = (_unfinished, _continuing);
        foreach (var channel in _continuing)
        {
            Tell(channel, mask: 0);
        }

        _continuing.Clear();
    }

    /// <summary>An edge comes once: what goes wrong with one channel must not cost another one its event.</summary>
    private static void Tell(IEpollChannel channel, uint mask)
    {
        try
        {
            if (mask == 0)
            {
                channel.OnContinue();
            }
            else
            {
                channel.OnReady(mask);
            }
        }
        catch (Exception bug)
        {
            LoopLog.PollFailed(bug);
            channel.Abort(bug);
        }
    }

    private void Register(int descriptor, uint mask, ulong number)
    {
        Span<byte> entry = stackalloc byte[EpollEvents.Size];
        EpollEvents.Write(entry, mask, number);
        fixed (byte* bytes = entry)
        {
            Check(_calls.EpollControl(_epoll, ControlAdd, descriptor, bytes));
        }
    }

    private static void Close(int descriptor)
    {
        if (descriptor >= 0)
        {
            _ = LibC.Close(descriptor);
        }
    }

    private static int Check(int result) => result >= 0 ? result : throw Errno.ToException(-result);
}
