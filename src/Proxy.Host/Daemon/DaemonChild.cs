using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Proxy.Host.Daemon;

/// <summary>The daemon's side of <see cref="DaemonParent"/>.</summary>
internal sealed class DaemonChild
{
    /// <summary>The environment variable that tells a daemon from an ordinary process, and holds its end of the pipe.</summary>
    public const string Variable = "REDIS_PROXY_DAEMON_PIPE";

    /// <summary>The byte that says: the listeners are bound.</summary>
    public const byte Ready = (byte)'R';

    private readonly AnonymousPipeClientStream _pipe;

    private DaemonChild(string pipe) => _pipe = new AnonymousPipeClientStream(PipeDirection.Out, pipe);

    /// <summary>This process as a daemon; null when it was not started as one.</summary>
    public static DaemonChild? FromEnvironment()
    {
        var pipe = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);
        return pipe is null ? null : new DaemonChild(pipe);
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
    /// <exception cref="IOException">The system refuses.</exception>
    public void ReportReady()
    {
        using (var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite))
        {
            for (var standard = 0; standard <= 2; standard++)
            {
                if (NativeMethods.Dup2((int)nowhere.DangerousGetHandle(), standard) < 0)
                {
                    ThrowLastError("dup2");
                }
            }
        }
        _pipe.WriteByte(Ready);
        _pipe.Dispose();
    }

    private static void ThrowLastError(string call) =>
        throw new IOException($"{call}() failed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
}
