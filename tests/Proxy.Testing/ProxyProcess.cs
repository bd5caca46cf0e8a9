using System.Net;

namespace Proxy.Testing;

/// <summary>
/// The built executable, running. It comes from the environment variable <c>REDIS_PROXY_BIN</c>, else from the project's build of the
/// tests' own configuration; the transport comes from <c>REDIS_PROXY_TRANSPORT</c>, else <c>auto</c>.
/// </summary>
public sealed class ProxyProcess : IDisposable
{
    // How the runtime, the event loops and the workers tell that an exception came to them which nobody expected.
    private static readonly string[] Bugs =
        ["Unhandled exception", "unexpected error", "exception in a task that nobody waited for", "draining failed"];

    // A busy machine may take long to start a program with a runtime.
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private bool _mayEnd;

    private ProxyProcess(ProxyFile file, string[] flags)
    {
        File = file;
        ConfigPath = _folder.Write("proxy.yaml", file.ToString());
        Process = ChildProcess.Start(Executable, ["-c", ConfigPath, .. flags], _folder.Path);
    }

    public static string Executable { get; } = Environment.GetEnvironmentVariable("REDIS_PROXY_BIN") is { Length: > 0 } path
        ? path
        : BuiltFile("src/Proxy.Host", "redis-proxy");

    public static string Transport { get; } =
        Environment.GetEnvironmentVariable("REDIS_PROXY_TRANSPORT") is { Length: > 0 } name ? name : "auto";

    /// <summary>The folder of Proxy.sln.</summary>
    public static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!System.IO.File.Exists(Path.Combine(folder.FullName, "Proxy.sln")))
            {
                folder = folder.Parent ?? throw new InvalidOperationException($"no Proxy.sln above {AppContext.BaseDirectory}");
            }

            return folder.FullName;
        }
    }

    public ChildProcess Process { get; }

    /// <summary>What the process was configured with last (<see cref="Reload"/>).</summary>
    public ProxyFile File { get; private set; }

    public string ConfigPath { get; }

    /// <summary>A path in the folder of this process, which is also its working folder.</summary>
    public string PathOf(string name) => _folder[name];

    /// <summary>What the build of the tests' own configuration put out for a project of the repository.</summary>
    public static string BuiltFile(string project, string name) =>
        Path.Combine(Repository, project, "bin", BuildConfiguration, "net10.0", name);

    /// <summary>Starts the proxy and waits until it listens on every address of its file.</summary>
    public static ProxyProcess Start(ProxyFile file, params string[] flags)
    {
        var proxy = new ProxyProcess(file, flags);
        try
        {
            foreach (var endPoint in file.EndPoints)
            {
                proxy.WaitUntilItListens(endPoint);
            }

            return proxy;
        }
        catch
        {
            proxy._mayEnd = true;
            proxy.Dispose();
            throw;
        }
    }

    /// <summary>Runs the executable to its end, for flags and commands that do not serve.</summary>
    public static (int ExitCode, string Output) Run(params string[] arguments) => ChildProcess.Run(Executable, arguments);

    /// <summary>A client of the first pool.</summary>
    public RespClient Connect() => RespClient.Connect(File.Pools[0].EndPoint);

    /// <summary>A client of the pool of that name.</summary>
    public RespClient ConnectTo(string pool) => RespClient.Connect(File.Pools.First(candidate => candidate.Name == pool).EndPoint);

    /// <summary>One command on a connection of its own.</summary>
    public string Call(params ReadOnlySpan<string> arguments)
    {
        using var client = Connect();
        return client.Call(arguments);
    }

    /// <summary>Writes another file in place of the present one and sends SIGHUP. Returns at once: wait for the effect.</summary>
    public void Reload(ProxyFile file)
    {
        File = file;
        System.IO.File.WriteAllText(ConfigPath, file.ToString());
        Process.Signal(UnixSignal.Hangup);
    }

    /// <summary>Sends SIGTERM. The drain begins; <see cref="WaitForExit"/> waits for its end.</summary>
    public void Terminate()
    {
        _mayEnd = true;
        Process.Signal(UnixSignal.Terminate);
    }

    /// <returns>The exit code.</returns>
    public int WaitForExit(TimeSpan? deadline = null)
    {
        _mayEnd = true;
        Process.WaitForExit(deadline ?? Eventually.DefaultDeadline);
        return Process.ExitCode;
    }

    /// <summary>Ends the process; throws when it had ended before of itself, or its log tells of a bug.</summary>
    public void Dispose()
    {
        var ended = Process.HasExited && !_mayEnd;
        Process.Dispose();
        _folder.Dispose();
        if (ended || Bugs.Any(bug => Process.Output.Contains(bug, StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"the proxy {(ended ? "ended of itself" : "has a bug")}; its output:\n{Process.Output}");
        }
    }

    private static string BuildConfiguration =>
        AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    private void WaitUntilItListens(EndPoint endPoint)
    {
        try
        {
            Eventually.True(() => Process.HasExited || ListeningSockets.Has(endPoint), $"the proxy listens on {endPoint}", StartDeadline);
        }
        catch (TimeoutException problem)
        {
            throw new TimeoutException($"{problem.Message}; its output:\n{Process.Output}", problem);
        }

        if (Process.HasExited)
        {
            Process.WaitForExit(TimeSpan.FromSeconds(1));
            throw new InvalidOperationException($"the proxy ended with {Process.ExitCode}; its output:\n{Process.Output}");
        }
    }
}
