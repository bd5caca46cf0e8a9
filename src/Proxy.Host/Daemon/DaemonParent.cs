using System.Diagnostics;

namespace Proxy.Host.Daemon;

/// <summary>
/// Starts this program again as a daemon and waits for it. A process with a runtime of many threads cannot fork, so the daemon is a fresh
/// process with the same arguments. Its standard streams are pipes of this process, never the caller's: the runtime keeps copies of the
/// streams that it starts with, so that somebody who reads the output of <c>redis-proxy -d</c> would wait for the daemon's end. What it says
/// on standard error is passed on until <see cref="DaemonChild.Ready"/>, which means that it serves, or until its end.
/// </summary>
internal static class DaemonParent
{
    /// <summary>Starts the daemon.</summary>
    /// <returns>The exit code: 0 when the daemon serves, 1 when it could not start.</returns>
    public static int Start(string[] arguments)
    {
        using var child = Process.Start(StartInfo(arguments))!;
        if (PassOnUntilReady(child.StandardError.BaseStream))
        {
            return 0;
        }
        child.WaitForExit();
        return 1;
    }

    private static bool PassOnUntilReady(Stream source)
    {
        using var target = Console.OpenStandardError();
        var buffer = new byte[4096];
        int length;
        while ((length = source.Read(buffer)) > 0)
        {
            var text = buffer.AsSpan(0, length);
            var ready = text.IndexOf(DaemonChild.Ready);
            target.Write(ready < 0 ? text : text[..ready]);
            if (ready >= 0)
            {
                return true;
            }
        }
        return false;
    }

    private static ProcessStartInfo StartInfo(string[] arguments)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Started as `dotnet redis-proxy.dll`, the program is `dotnet`, and the assembly its first argument.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment[DaemonChild.Variable] = "1";
        return start;
    }
}
