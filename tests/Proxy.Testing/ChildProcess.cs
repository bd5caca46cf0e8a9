using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Proxy.Testing;

/// <summary>
/// A process that a test started. It ends with <see cref="Dispose"/>, and also when the test process dies in any way: it is started through
/// <c>setpriv --pdeathsig KILL</c>, so the kernel kills it with its parent.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    // Standard output and standard error, until each of them has ended.
    private readonly CountdownEvent _openStreams = new(2);

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Only after the exit. 128 + N for a process that signal N ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What the process wrote to standard output and standard error so far, in the order of arrival.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The memory that is resident now (VmRSS), in bytes.</summary>
    public long ResidentBytes => StatusKilobytes("VmRSS:") * 1024;

    /// <summary>The most memory that was resident at once (VmHWM), in bytes, since the start or <see cref="ForgetPeak"/>.</summary>
    public long PeakResidentBytes => StatusKilobytes("VmHWM:") * 1024;

    /// <summary>How many file descriptors the process has open.</summary>
    public int FileDescriptors => Directory.GetFiles($"/proc/{Id}/fd").Length;

    /// <summary>How many threads the process has.</summary>
    public int Threads => Directory.GetDirectories($"/proc/{Id}/task").Length;

    /// <summary>Starts <paramref name="file"/>; its working folder is <paramref name="folder"/>, else this process's.</summary>
    public static ChildProcess Start(
        string file, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("setpriv")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var argument in new[] { "--pdeathsig", "KILL", "--", file }.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        // Else each .NET process that a test kills leaves its diagnostic pipes in the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Append(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Append(line.Data);
        ProcessStarter.Start(child._process);
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>Exit code and everything it wrote.</returns>
    public static (int ExitCode, string Output) Run(
        string file, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(file, arguments, folder, environment);
        process.WaitForExit(TimeSpan.FromSeconds(60));
        return (process.ExitCode, process.Output);
    }

    public void Signal(UnixSignal signal) => UnixSignals.Send(Id, signal);

    /// <summary>Lets <see cref="PeakResidentBytes"/> begin anew with what is resident now.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{Id}/clear_refs", "5");

    /// <summary>
    /// Waits for the exit, and for the last of its output; throws <see cref="TimeoutException"/> when it does not come in time.
    /// </summary>
    public void WaitForExit(TimeSpan deadline)
    {
        if (!_process.WaitForExit(deadline))
        {
            throw new TimeoutException($"process {Id} still runs after {deadline.TotalSeconds:0.#} s; its output:\n{Output}");
        }

        // The last lines arrive after the exit; a grandchild that keeps the streams open is not waited for longer.
        _openStreams.Wait(TimeSpan.FromSeconds(2));
    }

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit(10_000);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is null)
        {
            _openStreams.Signal();
            return;
        }

        lock (_output)
        {
            _output.Append(line).Append('\n');
        }
    }

    private long StatusKilobytes(string name)
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(text => text.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..^2].Trim(), CultureInfo.InvariantCulture);
    }
}
