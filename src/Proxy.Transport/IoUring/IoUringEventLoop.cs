using System.Runtime.InteropServices;
using DotNetty.Transport.Channels;
using Proxy.Transport.Channels;
using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Loops;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>
/// An event loop over io_uring. A turn is one system call: it submits what the last turn's handlers and tasks left to be done, waits, and brings
/// what has completed.
/// </summary>
/// <remarks>
/// <para>Under load (at least <see cref="IoUringOptions.Gate"/> reads in the last turn) the wait holds out for twice the last turn's
/// reads, for at most <see cref="IoUringOptions.MinimumWait"/>. More requests then share a send, and the servers behind wake up less often: at
/// 50 clients half the CPU per request. With few clients the wait would only add to the latency.</para>
/// <para>Only <see cref="Poll"/> queues operations that name a descriptor, and it does not go on before the kernel has taken them all; a
/// descriptor that is closed in between waits for that (<see cref="BeforeClose"/>). None is used again before.</para>
/// </remarks>
internal sealed unsafe class IoUringEventLoop : TransportEventLoop
{
    private const int CloseOnExec = 0x80000;

    // Completions beyond the queue are brought so many times a turn.
    private const int OverflowRounds = 16;

    // A wait with a minimum but without an end spins in the kernel.
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(10);

    // How long the end of a loop waits for what the kernel still holds.
    private static readonly TimeSpan LastWait = TimeSpan.FromMilliseconds(100);

    // Loops whose memory the kernel did not give back: it must never be used for anything else.
    private static readonly List<IoUringEventLoop> Unsettled = [];

    private readonly IoUringOptions _options;
    private readonly Func<IoUringRing> _newRing;
    private readonly IoUringFeatures _wanted;
    private readonly uint _minimumWait;
    private readonly ChannelSlots<IIoUringChannel> _slots = new();
    private readonly Stack<OutgoingSend> _freeSends = new();
    private readonly List<IIoUringChannel> _touched = [];
    private readonly List<IIoUringChannel> _sending = [];
    private readonly List<IIoUringChannel> _readers = [];
    private IoUringRing _ring = null!;
    private ReceiveRing _buffers = null!;
    private bool _isOpen;
    private bool _preparing;
    private ulong* _wakeUpValue;
    private int _wakeUp = -1;
    private bool _wakeUpPending;
    private int _pending;
    private int _reads;

    /// <param name="parent">The group.</param>
    /// <param name="threadName">Shown by tools such as top and gdb.</param>
    /// <param name="wanted">What may be used of the kernel's features.</param>
    /// <param name="options">The wait under load.</param>
    /// <param name="newRing">Makes the ring, on the loop's thread.</param>
    public IoUringEventLoop(
        IEventLoopGroup parent, string threadName, IoUringFeatures wanted, IoUringOptions options, Func<IoUringRing> newRing)
        : base(parent, threadName)
    {
        _wanted = wanted;
        _options = options;
        _newRing = newRing;
        _minimumWait = (uint)Math.Clamp(options.MinimumWait.TotalMicroseconds, 0, 1_000_000);
    }

    /// <summary>What may be used.</summary>
    public IoUringFeatures Features { get; private set; } = IoUringFeatures.None;

    /// <summary>What is received goes here.</summary>
    public ReceiveRing Buffers => _buffers;

    /// <summary>Collects what is sent.</summary>
    public SendGatherer Gatherer { get; } = new();

    /// <summary>For what is sent without the ring, when a channel closes.</summary>
    public IoVectors Vectors { get; } = new();

    /// <summary>Gives a channel its number. It keeps it until <see cref="Leave"/>, after its last operation.</summary>
    public ulong Enter(IIoUringChannel channel) => _slots.Add(channel);

    /// <summary>The channel has no operations any more and wants none.</summary>
    public void Leave(ulong number) => _slots.Remove(number);

    /// <summary>The channel has something to do: <see cref="IIoUringChannel.Prepare"/> is called before the next enter. Once until then.</summary>
    public void Touch(IIoUringChannel channel) => _touched.Add(channel);

    /// <summary>The channel has fired a read: <see cref="IIoUringChannel.CompleteRead"/> is called at the end of the turn's reads. </summary>
    public void AddReader(IIoUringChannel channel) => _readers.Add(channel);

    /// <summary>Queues an operation that completes, sooner or later; the loop does not end before.</summary>
    public void Start(in SubmissionEntry entry)
    {
        _ring.Queue(entry);
        _pending++;
        OperationStarted();
    }

    /// <summary>An operation has completed for the last time.</summary>
    public void Finish()
    {
        _pending--;
        OperationEnded();
    }

    /// <summary>Queues a send that completes at once, or not at all; <see cref="IIoUringChannel.SettleSend"/> tells when it is done.</summary>
    public void StartQuickSend(IIoUringChannel channel, in SubmissionEntry entry)
    {
        _ring.Queue(entry);
        _sending.Add(channel);
    }

    /// <summary>Asks for the end of an operation, which completes (as cancelled, or with what it had come to).</summary>
    public void Cancel(ulong userData) => _ring.Queue(new SubmissionEntry
    {
        Operation = RingOperation.Cancel,
        Flags = Features.SkipCompletion ? SubmissionFlags.SkipSuccess : SubmissionFlags.None,
        Descriptor = -1,
        Address = userData,
        UserData = UserData.Of(OperationKind.Cancel),
    });

    /// <summary>Has what is queued done now: a listener that is closed must have left its address.</summary>
    public void SubmitNow() => _ring.Enter(0, TimeSpan.Zero);

    /// <summary>
    /// A descriptor is about to be closed: what names it and is queued already is taken first, or it would find whatever gets its number next.
    /// (A write's completion, for one, may run between the queueing of one channel and another's.)
    /// </summary>
    public void BeforeClose()
    {
        if (_preparing)
        {
            SubmitRest();
        }
    }

    /// <summary>An empty send.</summary>
    public OutgoingSend RentSend() => _freeSends.TryPop(out var send) ? send : new OutgoingSend();

    /// <summary>Takes an empty send back.</summary>
    public void ReturnSend(OutgoingSend send) => _freeSends.Push(send);

    /// <inheritdoc/>
    protected override void Open()
    {
        _ring = _newRing();
        Features = _wanted.And(_ring.Features);
        _buffers = new ReceiveRing(_ring);
        _wakeUpValue = (ulong*)NativeMemory.AllocZeroed(sizeof(ulong));
        _wakeUp = LibC.EventDescriptor(0, CloseOnExec);
        if (_wakeUp < 0)
        {
            throw Errno.ToException(Marshal.GetLastPInvokeError());
        }

        AwaitWakeUp();
        _isOpen = true;
    }

    /// <inheritdoc/>
    protected override void Poll(TimeSpan limit)
    {
        var mayWait = !Prepare() && limit != TimeSpan.Zero;
        _buffers.Refill();
        var isLoaded = mayWait && _minimumWait > 0 && _reads >= _options.Gate && Features.MinimumWait;
        var waitFor = isLoaded ? Math.Min((uint)_reads * 2, _ring.CompletionEntries / 2) : mayWait ? 1u : 0u;
        _ring.Enter(
            waitFor,
            isLoaded && limit == Timeout.InfiniteTimeSpan ? LongWait : mayWait ? limit : TimeSpan.Zero,
            isLoaded ? _minimumWait : 0);
        SubmitRest();
        Awake();
        _reads = 0;
        Handle();
    }

    /// <inheritdoc/>
    protected override void WakeUp()
    {
        var one = 1UL;
        _ = LibC.Write(_wakeUp, &one, sizeof(ulong));
    }

    /// <inheritdoc/>
    protected override void Trim()
    {
        base.Trim();
        _buffers.Trim(isStill: Features.DeferTaskrun && _ring.Available == 0 && !_ring.Overflowed);
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        if (_isOpen && !EndOperations())
        {
            // Closing the ring ends them too, but in the kernel's own time.
            lock (Unsettled)
            {
                Unsettled.Add(this);
            }

            _ring.Dispose();
            return;
        }

        _buffers?.Dispose();
        _ring?.Dispose();
        Gatherer.Dispose();
        Vectors.Dispose();
        NativeMemory.Free(_wakeUpValue);
        if (_wakeUp >= 0)
        {
            _ = LibC.Close(_wakeUp);
        }
    }

    /// <summary>Lets the channels queue what they need.</summary>
    /// <returns>True if the loop must not wait.</returns>
    private bool Prepare()
    {
        var isUrgent = false;
        Gatherer.Reset();
        _preparing = true;

        // By index: what a channel does may touch another one.
        for (var i = 0; i < _touched.Count; i++)
        {
            try
            {
                isUrgent |= _touched[i].Prepare();
            }
            catch (Exception bug)
            {
                // The other channels must not wait because of this one.
                LoopLog.PollFailed(bug);
                _touched[i].Abort(bug);
            }
        }

        _touched.Clear();
        _preparing = false;
        return isUrgent;
    }

    /// <summary>The kernel takes a whole batch unless it is short of memory, or has no way to pass over a wrong operation.</summary>
    private void SubmitRest()
    {
        for (var round = 0; _ring.Queued > 0; round++)
        {
            if (round > 10)
            {
                Thread.Sleep(1);
            }

            _ring.Enter(0, TimeSpan.Zero);
        }
    }

    private void Handle()
    {
        for (var round = 0; _ring.Overflowed && round < OverflowRounds; round++)
        {
            HandleCompletions();
            _ring.Enter(0, TimeSpan.Zero);
        }

        if (!_ring.Overflowed)
        {
            SettleSends();
        }

        HandleCompletions();
        CompleteReads();
    }

    /// <summary>A send whose completion is not there is done: the kernel posts those before the call that takes the submission returns.</summary>
    private void SettleSends()
    {
        if (_sending.Count == 0)
        {
            return;
        }

        var available = _ring.Available;
        for (var i = 0u; i < available; i++)
        {
            ref readonly var completion = ref _ring.Peek(i);
            if (UserData.Kind(completion.UserData) == OperationKind.QuickSend)
            {
                _slots.Find(UserData.Number(completion.UserData))?.NoteQuickSend(completion.Result);
            }
        }

        // By index: what a write's completion leads to prepares nothing before the next turn.
        for (var i = 0; i < _sending.Count; i++)
        {
            try
            {
                _sending[i].SettleSend();
            }
            catch (Exception bug)
            {
                LoopLog.PollFailed(bug);
                _sending[i].Abort(bug);
            }
        }

        _sending.Clear();
    }

    private void HandleCompletions()
    {
        while (_ring.TryTake(out var completion))
        {
            var kind = UserData.Kind(completion.UserData);
            switch (kind)
            {
                case OperationKind.Cancel:
                    break;
                case OperationKind.WakeUp:
                    _wakeUpPending = false;
                    AwaitWakeUp();
                    break;
                case OperationKind.QuickSend:
                    _slots.Find(UserData.Number(completion.UserData))?.NoteQuickSend(completion.Result);
                    break;
                default:
                    if (kind == OperationKind.Receive && completion.Result > 0)
                    {
                        _reads++;
                    }

                    Complete(kind, completion);
                    break;
            }
        }
    }

    private void Complete(OperationKind kind, in CompletionEntry completion)
    {
        var channel = _slots.Find(UserData.Number(completion.UserData));
        try
        {
            channel?.OnCompletion(kind, completion);
        }
        catch (Exception bug)
        {
            // The other completions must not be lost with this one.
            LoopLog.PollFailed(bug);
            channel!.Abort(bug);
        }
    }

    private void CompleteReads()
    {
        for (var i = 0; i < _readers.Count; i++)
        {
            _readers[i].CompleteRead();
        }

        _readers.Clear();
    }

    private void AwaitWakeUp()
    {
        _wakeUpPending = true;
        _ring.Queue(new SubmissionEntry
        {
            Operation = RingOperation.Read,
            Descriptor = _wakeUp,
            Address = (ulong)_wakeUpValue,
            Length = sizeof(ulong),
            UserData = UserData.Of(OperationKind.WakeUp),
        });
    }

    /// <summary>Ends what is pending still.</summary>
    /// <returns>False if the kernel does not let go.</returns>
    private bool EndOperations()
    {
        _ring.Queue(new SubmissionEntry
        {
            Operation = RingOperation.Cancel,
            Descriptor = -1,
            OperationFlags = (uint)(CancelFlags.Any | CancelFlags.All),
            UserData = UserData.Of(OperationKind.Cancel),
        });
        for (var round = 0; round < 20 && (_pending > 0 || _wakeUpPending); round++)
        {
            _ring.Enter(1, LastWait);
            while (_ring.TryTake(out var completion))
            {
                EndOperation(completion);
            }
        }

        return _pending == 0 && !_wakeUpPending;
    }

    private void EndOperation(in CompletionEntry completion)
    {
        switch (UserData.Kind(completion.UserData))
        {
            case OperationKind.WakeUp:
                _wakeUpPending = false;
                break;
            case OperationKind.Cancel:
                break;
            case var kind:
                Complete(kind, completion);
                break;
        }
    }
}
