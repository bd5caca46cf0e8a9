using System.Runtime.InteropServices;
using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>The event by which other threads end a loop's wait: the ring always has a read of it.</summary>
internal sealed unsafe class WakeUpEvent : IDisposable
{
    private readonly IoUringRing _ring;
    private readonly int _descriptor;
    private ulong* _value;
    private int _failure;

    /// <param name="ring">The loop's.</param>
    /// <param name="calls">The system.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The system has no descriptor for it.</exception>
    public WakeUpEvent(IoUringRing ring, SystemCalls calls)
    {
        _ring = ring;
        _descriptor = calls.EventDescriptor(blocking: true);
        if (_descriptor < 0)
        {
            throw Errno.ToException(-_descriptor);
        }

        _value = (ulong*)NativeMemory.AllocZeroed(sizeof(ulong));
        Await();
    }

    /// <summary>The kernel holds the read.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Ends the wait. Any thread.</summary>
    public void Set()
    {
        var one = 1UL;
        _ = LibC.Write(_descriptor, &one, sizeof(ulong));
    }

    /// <summary>The read has completed.</summary>
    public void OnCompletion(int result)
    {
        IsPending = false;
        _failure = result is -Errno.Interrupted or -Errno.Again or -Errno.Canceled ? 0 : Math.Max(-result, 0);
    }

    /// <summary>Without it a loop would read in vain without end, and the pauses that it makes instead let it look for tasks.</summary>
    /// <exception cref="IoUringException">The last read has failed.</exception>
    public void ThrowIfFailed()
    {
        if (_failure != 0)
        {
            Throw(_failure);
        }

        static void Throw(int error) => throw new IoUringException("read of the wake-up event", error);
    }

    /// <summary>Queues the next read.</summary>
    public void Await()
    {
        IsPending = true;
        _ring.Queue(new SubmissionEntry
        {
            Operation = RingOperation.Read,
            Descriptor = _descriptor,
            Address = (ulong)_value,
            Length = sizeof(ulong),
            UserData = UserData.Of(OperationKind.WakeUp),
        });
    }

    /// <summary>Gives everything back; the read must not be pending.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_value);
        _value = null;
        _ = LibC.Close(_descriptor);
    }
}
