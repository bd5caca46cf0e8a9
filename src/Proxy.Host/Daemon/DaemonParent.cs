using System.Diagnostics;
using System.IO.Pipes;

namespace Proxy.Host.Daemon;

/// <summary>
/// Starts this program again as a daemon and waits for it. A process with a runtime of many threads cannot fork, so the daemon is a fresh
/// process with the same arguments; it inherits the writing end of a pipe. One byte there means that it serves; the end of the pipe without
/// that byte means that it has died, and it has said why on the standard error that both share.
/// </summary>
internal static class DaemonParent
{
    /// <summary>Starts the daemon.</summary>
    /// <returns>The exit code: 0 when the daemon serves, 1 when it could not start.</returns>
    public static int Start(string[] arguments)
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        using var child = Process.Start(StartInfo(arguments, pipe.GetClientHandleAsString()))!;
        pipe.DisposeLocalCopyOfClientHandle();
        if (pipe.ReadByte() == DaemonChild.Ready)
        {
            return 0;
        }
        child.WaitForExit();
        return 1;
    }

    private static ProcessStartInfo StartInfo(string[] arguments, string pipe)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        // Started as `dotnet redis-proxy.dll`, the program is `dotnet`, and the assembly its first argument.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment[DaemonChild.Variable] = pipe;
        return start;
    }
}
