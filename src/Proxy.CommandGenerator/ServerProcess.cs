using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Proxy.CommandGenerator;

/// <summary>A redis-server of our own on a free loopback port, without persistence; ended on disposal.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    private readonly Process _process;

    /// <exception cref="InvalidOperationException">The executable is missing or the server does not listen in time.</exception>
    public ServerProcess(string executable)
    {
        Port = FreePort();
        var start = new ProcessStartInfo(executable) { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        string[] arguments = ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{executable} does not start");
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        WaitUntilListening(executable);
    }

    public int Port { get; }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WaitUntilListening(string executable)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < StartLimit && !_process.HasExited; Thread.Sleep(20))
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", Port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        Dispose();
        throw new InvalidOperationException($"{executable} did not listen on port {Port} in time");
    }
}
