using System.Runtime.InteropServices;
using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.IoUring;

/// <summary>
/// A group of buffers from which the kernel takes one when it has received something, so that a connection without input holds none.
/// Each buffer belongs to the kernel from <see cref="Publish"/> on until a completion names its number. Loop thread only.
/// </summary>
internal sealed unsafe class BufferRing : IDisposable
{
    private readonly int _ring;
    private readonly ushort _group;
    private readonly uint _mask;
    private BufferRingEntry* _entries;
    private ushort _tail;

    /// <summary>Registers the group.</summary>
    /// <param name="ring">Outlives this.</param>
    /// <param name="group">The name of the group in submissions.</param>
    /// <param name="capacity">Most buffers at a time: a power of two, up to 32,768.</param>
    /// <exception cref="IoUringException">The kernel has no buffer rings (before 5.19) or no room.</exception>
    public BufferRing(IoUringRing ring, ushort group, int capacity)
    {
        _ring = ring.Descriptor;
        _group = group;
        _mask = (uint)capacity - 1;
        var size = (nuint)(capacity * sizeof(BufferRingEntry));
        _entries = (BufferRingEntry*)NativeMemory.AlignedAlloc(size, (nuint)Environment.SystemPageSize);
        NativeMemory.Clear(_entries, size);
        var registration = new BufferRingRegistration { Address = (ulong)_entries, Entries = (uint)capacity, Group = group };
        var result = RingCalls.Register(_ring, RegisterOperation.BufferRing, &registration, 1);
        if (result < 0)
        {
            NativeMemory.AlignedFree(_entries);
            throw new IoUringException("registering a ring of buffers", -result);
        }
    }

    /// <summary>The name of the group in submissions.</summary>
    public ushort Group => _group;

    /// <summary>Puts a buffer into the ring, which must have room; the kernel sees it with the next <see cref="Publish"/>.</summary>
    /// <param name="address">Memory that neither moves nor goes away until the buffer was used.</param>
    /// <param name="length">Its size.</param>
    /// <param name="number">Comes back in the completion.</param>
    public void Add(nint address, int length, int number)
    {
        var entry = _entries + (_tail & _mask);

        // Not as a whole: the tail lies inside the first entry.
        entry->Address = (ulong)address;
        entry->Length = (uint)length;
        entry->Number = (ushort)number;
        _tail++;
    }

    /// <summary>Gives what was added to the kernel.</summary>
    public void Publish() => Volatile.Write(ref *(ushort*)((byte*)_entries + BufferRingEntry.TailOffset), _tail);

    /// <summary>
    /// Takes the last <paramref name="count"/> buffers out again that were added and published. Only while the kernel cannot take any: with
    /// <see cref="IoUringFeatures.DeferTaskrun"/> that is between two enters, and it must not have taken one of these.
    /// </summary>
    public void Withdraw(int count)
    {
        _tail -= (ushort)count;
        Publish();
    }

    /// <summary>Takes the group back from the kernel. No receive of the group may be pending.</summary>
    public void Dispose()
    {
        if (_entries is null)
        {
            return;
        }

        var registration = new BufferRingRegistration { Group = _group };
        RingCalls.Register(_ring, RegisterOperation.RemoveBufferRing, &registration, 1);
        NativeMemory.AlignedFree(_entries);
        _entries = null;
    }
}
