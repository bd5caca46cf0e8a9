using System.Runtime.InteropServices;

namespace Proxy.Host.Signals;

/// <summary>A signal that whoever started the process had it ignore: nohup does so with SIGHUP, a shell with SIGINT for what it starts with <c>&amp;</c>.</summary>
internal static class IgnoredSignal
{
    /// <summary>SIGHUP, the same number on every Unix.</summary>
    public const int Hangup = 1;

    /// <summary>SIGINT, the same number on every Unix.</summary>
    public const int Interrupt = 2;

    private const nint Default = 0;
    private const nint Ignore = 1;

    /// <summary>
    /// Takes the signal back from being ignored. The runtime respects an inherited SIG_IGN and would never call a handler; for a
    /// server SIGHUP means reload and SIGINT an orderly end, however it was started.
    /// </summary>
    public static void Restore(int signal)
    {
        var previous = Signal(signal, Default);
        if (previous is not (Default or Ignore))
        {
            Signal(signal, previous);
        }
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint Signal(int signal, nint handler);
}
