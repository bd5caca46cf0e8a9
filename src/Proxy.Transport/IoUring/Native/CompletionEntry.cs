using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct io_uring_cqe: what became of an operation. 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct CompletionEntry
{
    /// <summary>The submission's.</summary>
    public readonly ulong UserData;

    /// <summary>The system call's result, or the error number below zero.</summary>
    public readonly int Result;

    /// <summary>With the number of the buffer in the upper half.</summary>
    public readonly CompletionFlags Flags;

    /// <summary>More completions of the same submission will come.</summary>
    public bool HasMore => (Flags & CompletionFlags.More) != 0;

    /// <summary><see cref="BufferNumber"/> was taken from the group.</summary>
    public bool HasBuffer => (Flags & CompletionFlags.Buffer) != 0;

    /// <summary>The number of the buffer.</summary>
    public int BufferNumber => (int)((uint)Flags >> 16);

    /// <summary>A completion, for tests of those who read them.</summary>
    public CompletionEntry(ulong userData, int result, CompletionFlags flags)
    {
        UserData = userData;
        Result = result;
        Flags = flags;
    }
}
