using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring;

/// <summary>The error numbers that io_uring's calls and completions need to be told apart; x86-64 and arm64 have the same.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int Interrupted = 4;
    public const int Again = 11;
    public const int OutOfMemory = 12;
    public const int Busy = 16;
    public const int Invalid = 22;
    public const int TooManyFiles = 24;
    public const int NotImplemented = 38;
    public const int TimedOut = 62;
    public const int NoBuffers = 105;
    public const int Cancelled = 125;

    /// <summary>The system's words, with the number.</summary>
    public static string Describe(int error) => $"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
}
