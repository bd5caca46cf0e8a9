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
    public void OnCompletion() => IsPending = false;

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
