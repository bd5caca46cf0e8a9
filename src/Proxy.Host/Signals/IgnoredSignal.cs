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

    // In machine words. No system's struct sigaction is as long.
    private const int LongestAction = 64;

    /// <summary>
    /// Takes the signal back from being ignored. The runtime respects an inherited SIG_IGN and would never call a handler; for a
    /// server SIGHUP means reload and SIGINT an orderly end, however it was started. A handler that is there stays as it is: put back
    /// by signal(2), it would be called without what it was registered to get.
    /// </summary>
    public static void Restore(int signal)
    {
        // The handler stands first on every Unix.
        var action = new nint[LongestAction];
        if (SigAction(signal, nint.Zero, action) == 0 && action[0] == Ignore)
        {
            Signal(signal, Default);
        }
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint Signal(int signal, nint handler);

    [DllImport("libc", EntryPoint = "sigaction")]
    private static extern int SigAction(int signal, nint action, [Out] nint[] previous);
}
