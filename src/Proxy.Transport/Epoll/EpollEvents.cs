using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Proxy.Transport.Epoll;

/// <summary>
/// Room for what epoll_wait reports. <c>struct epoll_event</c> is a 32-bit mask and 64 bits of the user's; on x86-64 it is packed into 12
/// bytes, on every other 64-bit system the second part is aligned and the whole takes 16.
/// </summary>
internal sealed unsafe class EpollEvents : IDisposable
{
    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const uint Error = 0x008;
    public const uint HangUp = 0x010;
    public const uint PeerHangUp = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    private static readonly int DataOffset = DataOffsetOn(RuntimeInformation.ProcessArchitecture);

    private readonly byte* _entries;

    /// <param name="capacity">Events that one wait reports at most.</param>
    public EpollEvents(int capacity)
    {
        Capacity = capacity;
        _entries = (byte*)NativeMemory.Alloc((nuint)capacity, (nuint)Size);
    }

    /// <summary>Bytes of one entry on this machine.</summary>
    public static int Size => DataOffset + sizeof(ulong);

    /// <summary>Events that one wait reports at most.</summary>
    public int Capacity { get; }

    /// <summary>The memory.</summary>
    public byte* Pointer => _entries;

    /// <summary>Where the user's part of an entry begins.</summary>
    public static int DataOffsetOn(Architecture architecture) => architecture == Architecture.X64 ? 4 : 8;

    /// <summary>Writes one entry, for epoll_ctl.</summary>
    /// <param name="entry">At least <see cref="Size"/> bytes.</param>
    /// <param name="mask">What is waited for.</param>
    /// <param name="data">What comes back with each event.</param>
    public static void Write(Span<byte> entry, uint mask, ulong data)
    {
        entry[..Size].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(entry, mask);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[DataOffset..], data);
    }

    /// <summary>What happened to the <paramref name="index"/>-th.</summary>
    public uint Mask(int index) => Unsafe.ReadUnaligned<uint>(_entries + (index * Size));

    /// <summary>Whose event the <paramref name="index"/>-th is.</summary>
    public ulong Data(int index) => Unsafe.ReadUnaligned<ulong>(_entries + (index * Size) + DataOffset);

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free(_entries);
}
