using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Proxy.Host.Daemon;

/// <summary>The daemon's side of <see cref="DaemonParent"/>.</summary>
internal sealed class DaemonChild
{
    /// <summary>The environment variable that tells a daemon from an ordinary process.</summary>
    public const string Variable = "REDIS_PROXY_DAEMON";

    /// <summary>The byte on standard error that says: the listeners are bound. No message has it.</summary>
    public const byte Ready = 0;

    private const int StandardError = 2;

    private DaemonChild()
    {
    }

    /// <summary>This process as a daemon; null when it was not started as one.</summary>
    public static DaemonChild? FromEnvironment()
    {
        var mark = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);
        return mark is null ? null : new DaemonChild();
    }

    /// <summary>Leaves the session of the terminal, so that its end is not ours. The working directory stays.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public void Detach()
    {
        if (NativeMethods.SetSid() < 0)
        {
            ThrowLastError("setsid");
        }
    }

    /// <summary>Gives up the standard streams and lets the waiting parent go.</summary>
    /// <exception cref="IOException">The system refuses, or the parent is gone: whoever interrupts the start does not want the daemon.</exception>
    public void ReportReady()
    {
        var copy = NativeMethods.Dup(StandardError);
        if (copy < 0)
        {
            ThrowLastError("dup");
        }
        using var parent = new FileStream(new SafeFileHandle(copy, ownsHandle: true), FileAccess.Write, bufferSize: 0);
        using (var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite))
        {
            for (var standard = 0; standard <= StandardError; standard++)
            {
                if (NativeMethods.Dup2((int)nowhere.DangerousGetHandle(), standard) < 0)
                {
                    ThrowLastError("dup2");
                }
            }
        }
        parent.WriteByte(Ready);
    }

    private static void ThrowLastError(string call) =>
        throw new IOException($"{call}() failed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
}
