using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Proxy.Transport.Native;

namespace Proxy.Transport.Channels;

/// <summary>
/// A large pinned array cut into <see cref="ReceiveBuffer"/>s. Single arrays of a buffer's size would lie scattered over the pinned heap, where
/// nothing is ever moved together, and the few that are in use would keep the memory of all the others (measured: 140 MB for 19 MB in use).
/// </summary>
internal sealed unsafe class ReceiveSlab
{
    /// <summary>Bytes of all buffers of a slab together.</summary>
    public const int Size = 1 << 20;

    private static readonly int PageSize = Environment.SystemPageSize;

    private readonly ReceiveBuffer[] _free;
    private readonly nint _address;

    /// <param name="pool">Where its buffers go back to.</param>
    /// <param name="bufferSize">Bytes of a buffer, a divisor of <see cref="Size"/>.</param>
    public ReceiveSlab(ReceiveBufferPool pool, int bufferSize)
    {
        // Beginning with a whole page, so that all pages can be given back.
        var bytes = GC.AllocateUninitializedArray<byte>(Size + PageSize, pinned: true);
        var start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bytes));
        _address = (start + PageSize - 1) & ~(nint)(PageSize - 1);
        _free = new ReceiveBuffer[Size / bufferSize];

        // The first bytes last, as they are taken from the end.
        for (var offset = Size - bufferSize; offset >= 0; offset -= bufferSize)
        {
            _free[Free++] = new ReceiveBuffer(pool, this, bytes, (int)(_address - start) + offset, _address + offset, bufferSize);
        }
    }

    /// <summary>Its place among the slabs of its pool.</summary>
    public int Index { get; set; }

    /// <summary>Buffers that nobody uses.</summary>
    public int Free { get; private set; }

    /// <summary>Nobody uses any of its buffers.</summary>
    public bool IsEmpty => Free == _free.Length;

    /// <summary>Takes a free buffer; there must be one.</summary>
    public ReceiveBuffer Take() => _free[--Free];

    /// <summary>Takes a buffer back.</summary>
    public void Put(ReceiveBuffer buffer) => _free[Free++] = buffer;

    /// <summary>
    /// Gives the pages back to the system at once; what was in them is lost. The garbage collector may take its time with the array, and may
    /// keep its address for the next one.
    /// </summary>
    public void Discard()
    {
        const int DontNeed = 4;
        if (OperatingSystem.IsLinux())
        {
            _ = LibC.Advise((void*)_address, Size, DontNeed);
        }
    }
}
