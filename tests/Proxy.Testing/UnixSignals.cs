using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Proxy.Testing;

/// <summary>Sends signals.</summary>
public static class UnixSignals
{
    /// <summary>Sends <paramref name="signal"/> to one process; throws when there is no such process.</summary>
    public static void Send(int processId, UnixSignal signal)
    {
        if (Kill(processId, (int)signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill({processId}, {signal}) failed");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int processId, int signal);
}
