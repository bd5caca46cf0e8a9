using System.Runtime.InteropServices;

namespace Proxy.Host.Daemon;

/// <summary>The calls that the class library does not have.</summary>
internal static class NativeMethods
{
    /// <summary>setsid(2): a session of its own, without a terminal.</summary>
    [DllImport("libc", EntryPoint = "setsid", SetLastError = true)]
    internal static extern int SetSid();

    /// <summary>dup(2): another descriptor of the same file.</summary>
    [DllImport("libc", EntryPoint = "dup", SetLastError = true)]
    internal static extern int Dup(int oldFd);

    /// <summary>dup2(2): makes <paramref name="newFd"/> another name of <paramref name="oldFd"/>.</summary>
    [DllImport("libc", EntryPoint = "dup2", SetLastError = true)]
    internal static extern int Dup2(int oldFd, int newFd);
}
