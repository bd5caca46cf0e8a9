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
/// Only <see cref="Poll"/> queues operations that name a descriptor, and it does not go on before the kernel has taken them all; a
/// descriptor that is closed in between waits for that (<see cref="BeforeClose"/>). None is used again before.
/// </remarks>
internal sealed class IoUringEventLoop : TransportEventLoop
{
    // The buffers of quick sends are held until the wait after them ends.
    private static readonly TimeSpan SettleWait = TimeSpan.FromSeconds(1);

    // How long the end of a loop waits for what the kernel still holds.
    private static readonly TimeSpan LastWait = TimeSpan.FromMilliseconds(100);

    // Loops whose memory the kernel did not give back: it must never be used for anything else.
    private static readonly List<IoUringEventLoop> Unsettled = [];

    private readonly IoUringOptions _options;
    private readonly Func<IoUringRing> _newRing;
    private readonly IoUringFeatures _wanted;
    private readonly SystemCalls _calls;
    private readonly ChannelSlots<IIoUringChannel> _slots = new();
    private readonly QuickSends _quickSends;
    private readonly Stack<OutgoingSend> _freeSends = new();
    private readonly List<IIoUringChannel> _touched = [];
    private readonly List<IIoUringReader> _readers = [];
    private IoUringRing _ring = null!;
    private CompletionInbox _completions = null!;
    private ReceiveRing _buffers = null!;
    private WaitGate _wait = null!;
    private WakeUpEvent? _wakeUp;
    private bool _preparing;
    private int _pending;

    /// <param name="parent">The group.</param>
    /// <param name="threadName">Shown by tools such as top and gdb.</param>
    /// <param name="wanted">What may be used of the kernel's features.</param>
    /// <param name="options">The wait under load.</param>
    /// <param name="newRing">Makes the ring, on the loop's thread.</param>
    /// <param name="calls">The system.</param>
    public IoUringEventLoop(
        IEventLoopGroup parent, string threadName, IoUringFeatures wanted, IoUringOptions options, Func<IoUringRing> newRing, SystemCalls calls)
        : base(parent, threadName)
    {
        _wanted = wanted;
        _options = options;
        _newRing = newRing;
        _calls = calls;
        _quickSends = new QuickSends(_slots);
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

    /// <summary>A read was fired: <see cref="IIoUringReader.CompleteRead"/> is called at the end of the turn's reads.</summary>
    public void AddReader(IIoUringReader reader) => _readers.Add(reader);

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

    /// <summary>Takes the completion of an operation out of its turn, if it is there; <see cref="Finish"/> is the caller's.</summary>
    public bool TryTakeCompletion(ulong userData, out CompletionEntry completion) => _completions.TryTake(userData, out completion);

    /// <summary>Queues a send that completes at once, or not at all; <see cref="IoUringOutput.Settle"/> tells when it is done.</summary>
    public void StartQuickSend(IoUringOutput output, in SubmissionEntry entry)
    {
        _ring.Queue(entry);
        _quickSends.Add(output);
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
        _completions = new CompletionInbox(_ring);
        Features = _wanted.And(_ring.Features);
        _buffers = new ReceiveRing(_ring);
        _wait = new WaitGate(_options, Features.MinimumWait);
        _wakeUp = new WakeUpEvent(_ring, _calls);
    }

    /// <inheritdoc/>
    protected override void Poll(TimeSpan limit)
    {
        if (Prepare())
        {
            limit = TimeSpan.Zero;
        }
        else if (!_quickSends.IsEmpty && (limit > SettleWait || limit == Timeout.InfiniteTimeSpan))
        {
            limit = SettleWait;
        }

        _buffers.Refill();
        _wait.Enter(_ring, limit);
        SubmitRest();
        Awake();
        Handle();
        _wakeUp!.ThrowIfFailed();
    }

    /// <inheritdoc/>
    protected override void WakeUp() => _wakeUp!.Set();

    /// <inheritdoc/>
    protected override void Trim()
    {
        base.Trim();
        _buffers.Trim(isStill: Features.DeferTaskrun && _completions.Count == 0 && !_ring.Overflowed);
    }

    /// <inheritdoc/>
    protected override void Release()
    {
        if (_wakeUp is not null && !EndOperations())
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
        _wakeUp?.Dispose();
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
        // Before anything else is handled: a handler may close the channel of one of those sends.
        if (_completions.BringOverflow())
        {
            _quickSends.Settle(_completions);
        }

        HandleCompletions();
        CompleteReads();
    }

    private void HandleCompletions()
    {
        while (_completions.TryTake(out var completion))
        {
            var kind = UserData.Kind(completion.UserData);
            switch (kind)
            {
                case OperationKind.Cancel:
                    break;
                case OperationKind.WakeUp:
                    _wakeUp!.OnCompletion(completion.Result);
                    _wakeUp.Await();
                    break;
                case OperationKind.QuickSend:
                    _quickSends.Note(completion);
                    break;
                default:
                    if (kind == OperationKind.Receive && completion.Result > 0)
                    {
                        _wait.CountRead(UserData.Number(completion.UserData));
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
        for (var round = 0; round < 20 && (_pending > 0 || _wakeUp!.IsPending); round++)
        {
            _ring.Enter(1, LastWait);
            while (_completions.TryTake(out var completion))
            {
                EndOperation(completion);
            }
        }

        return _pending == 0 && !_wakeUp!.IsPending;
    }

    private void EndOperation(in CompletionEntry completion)
    {
        switch (UserData.Kind(completion.UserData))
        {
            case OperationKind.WakeUp:
                _wakeUp!.OnCompletion(completion.Result);
                break;
            case OperationKind.Cancel:
                break;
            case var kind:
                Complete(kind, completion);
                break;
        }
    }
}
