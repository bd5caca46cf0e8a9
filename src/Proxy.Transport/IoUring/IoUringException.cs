using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring;

/// <summary>The kernel refused something of io_uring that cannot go on without it.</summary>
/// <param name="call">What was refused, for example <c>io_uring_setup</c>.</param>
/// <param name="error">The error number (errno), above zero.</param>
internal sealed class IoUringException(string call, int error) : IOException($"{call} failed: {Describe(error)}")
{
    /// <summary>What was refused.</summary>
    public string Call { get; } = call;

    /// <summary>The error number (errno), above zero.</summary>
    public int Error { get; } = error;

    /// <summary>The system's words for an error number, with the number.</summary>
    public static string Describe(int error) => $"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
}
