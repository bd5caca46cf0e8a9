using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>
/// An io_uring: operations are queued, one <see cref="Enter"/> hands them to the kernel and waits, and completions are taken. Everything on
/// the thread that made it.
/// </summary>
/// <remarks>
/// What a submission points to (a msghdr, iovecs, a socket address) must stay until <see cref="Consumed"/>; the data itself until its
/// completion came. Not sealed, so that tests can make the kernel fail.
/// </remarks>
internal unsafe class IoUringRing : IDisposable
{
    /// <summary>The call in an <see cref="IoUringException"/> when no ring is given.</summary>
    public const string SetupCall = "io_uring_setup";

    private readonly RingMapping _mapping;
    private readonly SubmissionEntry* _submissions;
    private readonly uint* _submissionHead;
    private readonly uint* _submissionTail;
    private readonly uint* _queueFlags;
    private readonly uint _submissionMask;
    private readonly CompletionEntry* _completions;
    private readonly uint* _completionHead;
    private readonly uint* _completionTail;
    private readonly uint _completionMask;
    private readonly bool _tellsTaskrun;
    private readonly EnterFlags _enterFlags;
    private readonly int _enterDescriptor;
    private readonly bool _registered;

    // What did not fit into the queue while the kernel took nothing.
    private readonly Queue<SubmissionEntry> _spill = new();
    private WaitArgument* _argument;
    private KernelTimespec* _timeout;
    private uint _tail;
    private uint _head;

    /// <summary>Makes a ring for the calling thread.</summary>
    /// <param name="wanted">What may be used of the kernel's features.</param>
    /// <param name="submissions">Size of the submission queue.</param>
    /// <param name="completions">Size of the completion queue, at least that of the submission queue.</param>
    /// <exception cref="IoUringException">The kernel gives none.</exception>
    public IoUringRing(IoUringFeatures wanted, uint submissions = 1024, uint completions = 4096)
    {
        Descriptor = RingSetup.Make(wanted, submissions, completions, out var parameters);
        if (Descriptor < 0)
        {
            throw new IoUringException(SetupCall, -Descriptor);
        }

        try
        {
            _mapping = new RingMapping(Descriptor, parameters);
        }
        catch
        {
            RingCalls.Close(Descriptor);
            throw;
        }

        Kernel = parameters.Features;
        _submissions = _mapping.Entries;
        _submissionHead = _mapping.Number(parameters.Submission.Head);
        _submissionTail = _mapping.Number(parameters.Submission.Tail);
        _submissionMask = *_mapping.Number(parameters.Submission.Mask);
        _queueFlags = _mapping.Number(parameters.Submission.Flags);
        _completions = _mapping.Completions(parameters.Completion.Completions);
        _completionHead = _mapping.Number(parameters.Completion.Head);
        _completionTail = _mapping.Number(parameters.Completion.Tail);
        _completionMask = *_mapping.Number(parameters.Completion.Mask);
        CompletionEntries = parameters.CompletionEntries;
        _tellsTaskrun = (parameters.Flags & SetupFlags.TaskrunFlag) != 0;
        FillArray(parameters);
        _argument = (WaitArgument*)NativeMemory.AllocZeroed((nuint)(sizeof(WaitArgument) + sizeof(KernelTimespec)));
        _timeout = (KernelTimespec*)(_argument + 1);
        _enterDescriptor = Descriptor;
        _enterFlags = EnterFlags.GetEvents | EnterFlags.ExtendedArgument;
        if (wanted.RegisteredRing && Register(out var index))
        {
            _registered = true;
            _enterDescriptor = index;
            _enterFlags |= EnterFlags.RegisteredRing;
        }

        Features = wanted with
        {
            DeferTaskrun = (parameters.Flags & SetupFlags.DeferTaskrun) != 0,
            CooperativeTaskrun = (parameters.Flags & SetupFlags.CooperativeTaskrun) != 0 || (parameters.Flags & SetupFlags.DeferTaskrun) != 0,
            SubmitAll = (parameters.Flags & SetupFlags.SubmitAll) != 0,
            NoSubmissionArray = (parameters.Flags & SetupFlags.NoSubmissionArray) != 0,
            RegisteredRing = _registered,
            SkipCompletion = wanted.SkipCompletion && (Kernel & RingFeatures.SkipCompletion) != 0,
            MinimumWait = wanted.MinimumWait && (Kernel & RingFeatures.MinimumTimeout) != 0,
        };
    }

    /// <summary>The ring's descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>What was wanted and is there, as far as the making of a ring tells.</summary>
    public IoUringFeatures Features { get; }

    /// <summary>What the kernel says of itself.</summary>
    public RingFeatures Kernel { get; }

    /// <summary>Size of the completion queue.</summary>
    public uint CompletionEntries { get; }

    /// <summary>Completions wait outside the full queue; the next <see cref="Enter"/> brings them when there is room.</summary>
    public bool Overflowed => (Flags & QueueFlags.Overflow) != 0;

    /// <summary>Operations that the kernel has not taken yet.</summary>
    public int Queued => (int)(_tail - Volatile.Read(ref *_submissionHead)) + _spill.Count;

    private QueueFlags Flags => (QueueFlags)Volatile.Read(ref *_queueFlags);

    /// <summary>Queues an operation. If the queue is full, what is in it is submitted first.</summary>
    /// <returns>A number for <see cref="Consumed"/>.</returns>
    public virtual uint Queue(in SubmissionEntry entry)
    {
        if (_spill.Count == 0 && (HasRoom || MakeRoom()))
        {
            Put(entry);
            return _tail - 1;
        }

        _spill.Enqueue(entry);
        return _tail + (uint)_spill.Count - 1;
    }

    /// <summary>True if the kernel has taken the operation of that number.</summary>
    public bool Consumed(uint number) => (int)(Volatile.Read(ref *_submissionHead) - number) > 0;

    /// <summary>
    /// Submits what is queued, waits for completions, and makes those that are ready. No system call if there is nothing to do.
    /// </summary>
    /// <param name="completions">How many to wait for; 0 does not wait.</param>
    /// <param name="timeout">When the wait ends in any case; infinite or zero or more.</param>
    /// <param name="minimumWait">
    /// Microseconds for which the wait holds out for all <paramref name="completions"/>; then one is enough. 0: until they are there.
    /// </param>
    /// <exception cref="IoUringException">The kernel refuses for another reason than an interruption or a shortage that will pass.</exception>
    public void Enter(uint completions, TimeSpan timeout, uint minimumWait = 0)
    {
        Unspill();
        var submit = _tail - Volatile.Read(ref *_submissionHead);
        if (submit == 0 && completions == 0 && _tellsTaskrun && (Flags & (QueueFlags.Taskrun | QueueFlags.Overflow)) == 0)
        {
            return;
        }

        _argument->MinimumWait = minimumWait;
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            _argument->Timeout = 0;
        }
        else
        {
            _timeout->Seconds = timeout.Ticks / TimeSpan.TicksPerSecond;
            _timeout->Nanoseconds = timeout.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;
            _argument->Timeout = (ulong)_timeout;
        }

        Check(Call(_enterDescriptor, submit, completions, _enterFlags, _argument));
    }

    /// <summary>The next completion, if there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out CompletionEntry completion)
    {
        if (_head == Volatile.Read(ref *_completionTail))
        {
            completion = default;
            return false;
        }

        completion = _completions[_head & _completionMask];
        _head++;
        Volatile.Write(ref *_completionHead, _head);
        return true;
    }

    /// <summary>Number of completions that can be taken; they can be looked at with <see cref="Peek"/>.</summary>
    public uint Available => Volatile.Read(ref *_completionTail) - _head;

    /// <summary>A completion that is not taken yet, 0 is the next.</summary>
    public ref readonly CompletionEntry Peek(uint index) => ref _completions[(_head + index) & _completionMask];

    /// <summary>
    /// Gives the ring back. The kernel ends what is pending in its own time: memory that it may still write to must be kept.
    /// </summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose()"/>
    protected virtual void Dispose(bool disposing)
    {
        if (_argument is null)
        {
            return;
        }

        if (_registered)
        {
            var update = new DescriptorUpdate { Index = (uint)_enterDescriptor };
            RingCalls.Register(Descriptor, RegisterOperation.RemoveRingDescriptors, &update, 1);
        }

        _mapping.Dispose();
        RingCalls.Close(Descriptor);
        NativeMemory.Free(_argument);
        _argument = null;
        _timeout = null;
    }

    /// <summary>io_uring_enter.</summary>
    protected virtual int Call(int ring, uint submit, uint completions, EnterFlags flags, WaitArgument* argument) =>
        RingCalls.Enter(ring, submit, completions, flags, argument);

    private bool HasRoom => _tail - Volatile.Read(ref *_submissionHead) <= _submissionMask;

    private bool MakeRoom()
    {
        // Without making completions: their number is bounded by what the loop has read, and it is in the middle of that.
        var submit = _tail - Volatile.Read(ref *_submissionHead);
        var flags = _enterFlags & ~(EnterFlags.GetEvents | EnterFlags.ExtendedArgument);
        Check(Call(_enterDescriptor, submit, 0, flags, null));
        return HasRoom;
    }

    private void Unspill()
    {
        while (_spill.Count > 0 && HasRoom)
        {
            Put(_spill.Dequeue());
        }
    }

    private void Put(in SubmissionEntry entry)
    {
        _submissions[_tail & _submissionMask] = entry;
        _tail++;
        Volatile.Write(ref *_submissionTail, _tail);
    }

    private void FillArray(in RingParameters parameters)
    {
        if ((parameters.Flags & SetupFlags.NoSubmissionArray) != 0)
        {
            return;
        }

        var array = _mapping.Number(parameters.Submission.Array);
        for (var index = 0u; index <= _submissionMask; index++)
        {
            array[index] = index;
        }
    }

    private bool Register(out int index)
    {
        var update = new DescriptorUpdate { Index = DescriptorUpdate.AnyIndex, Descriptor = (ulong)Descriptor };
        var result = RingCalls.Register(Descriptor, RegisterOperation.RingDescriptors, &update, 1);
        index = (int)update.Index;
        return result == 1;
    }

    private static void Check(int result)
    {
        // The end of the time, a signal (the runtime suspends threads with one), no memory for a request just now, or no room for
        // completions until some were taken: what was not submitted stays queued for the next call.
        if (result < 0 && -result is not (Errno.Time or Errno.Interrupted or Errno.Again or Errno.Busy))
        {
            throw new IoUringException("io_uring_enter", -result);
        }
    }
}
