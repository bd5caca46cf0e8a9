using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>
/// The system calls of io_uring, for which libc has no functions, and the mapping of memory. Results are those of the kernel: zero or more,
/// or the error number below zero.
/// </summary>
internal static partial class RingCalls
{
    // The numbers are the same on x86-64 and arm64 (and every other architecture but alpha).
    private const int SetupNumber = 425;
    private const int EnterNumber = 426;
    private const int RegisterNumber = 427;

    private const int ProtectReadWrite = 1 | 2;
    private const int MapShared = 1;
    private const int MapPopulate = 0x8000;

    /// <summary>Makes a ring; the result is its descriptor.</summary>
    public static unsafe int Setup(uint entries, RingParameters* parameters) =>
        Result(SystemCall(SetupNumber, (nint)entries, (nint)parameters, 0, 0, 0, 0));

    /// <summary>Submits and waits; the result is the number of submissions taken.</summary>
    public static unsafe int Enter(int ring, uint submit, uint completions, EnterFlags flags, WaitArgument* argument) => Result(
        SystemCall(EnterNumber, ring, (nint)submit, (nint)completions, (nint)flags, (nint)argument, sizeof(WaitArgument)));

    /// <summary>Registers memory and descriptors, and asks.</summary>
    public static unsafe int Register(int ring, RegisterOperation operation, void* argument, uint count) =>
        Result(SystemCall(RegisterNumber, ring, (nint)operation, (nint)argument, (nint)count, 0, 0));

    /// <summary>Maps a part of the ring.</summary>
    /// <returns>0, or the error number below zero.</returns>
    public static unsafe int Map(int ring, nuint length, long offset, out byte* address)
    {
        var result = MemoryMap(0, length, ProtectReadWrite, MapShared | MapPopulate, ring, offset);
        address = (byte*)result;
        return result == -1 ? -Marshal.GetLastSystemError() : 0;
    }

    /// <summary>Takes a mapping back.</summary>
    public static unsafe void Unmap(byte* address, nuint length) => MemoryUnmap((nint)address, length);

    /// <summary>Closes a descriptor that is ours.</summary>
    public static void Close(int descriptor) => CloseDescriptor(descriptor);

    private static int Result(nint result) => result == -1 ? -Marshal.GetLastSystemError() : (int)result;

    // syscall(2) is variadic; both architectures pass these integers as they would to a plain function.
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MemoryMap(nint address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MemoryUnmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);
}
