using System.Diagnostics;
using System.Globalization;
using System.IO.Enumeration;

namespace Proxy.Host.Admin;

/// <summary>The metrics of the process, under the names that all programs have them. What only Linux tells is missing elsewhere.</summary>
internal sealed class ProcessFamilies
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0 };

    private readonly CounterFamily _cpu;
    private readonly GaugeFamily _resident;
    private readonly GaugeFamily _virtual;
    private readonly GaugeFamily _descriptors;
    private readonly GaugeFamily _maxDescriptors;
    private readonly GaugeFamily _threads;
    private readonly GaugeFamily _start;
    private readonly double _startSeconds;

    /// <summary>Declares them.</summary>
    public ProcessFamilies(FamilyFactory make)
    {
        _cpu = make.Counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.");
        _resident = make.Gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
        _virtual = make.Gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.");
        _descriptors = make.Gauge("process_open_fds", "Number of open file descriptors.");
        _maxDescriptors = make.Gauge("process_max_fds", "Maximum number of open file descriptors.");
        _threads = make.Gauge("process_threads", "Number of operating system threads.");
        _start = make.Gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.");
        using var process = Process.GetCurrentProcess();
        _startSeconds = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
    }

    /// <summary>Sets all of them.</summary>
    public void Set()
    {
        _resident.Set(Environment.WorkingSet);
        _start.Set(_startSeconds);
        if (!OperatingSystem.IsWindows())
        {
            _cpu.Set(Environment.CpuUsage.TotalTime.TotalSeconds);
        }

        if (OperatingSystem.IsLinux())
        {
            SetFromProc();
        }
    }

    private void SetFromProc()
    {
        // 1234 (redis-proxy) S 1 …: the name may hold anything, so fields are counted from behind it; it is the second of them.
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        _threads.Set(Number(fields[20 - 3]));
        _virtual.Set(Number(fields[23 - 3]));
        _descriptors.Set(CountOfDescriptors());

        // Max open files            1024                 1048576              files
        foreach (var line in File.ReadLines("/proc/self/limits"))
        {
            if (line.StartsWith("Max open files", StringComparison.Ordinal))
            {
                var soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
                _maxDescriptors.Set(soft == "unlimited" ? double.PositiveInfinity : Number(soft));
            }
        }
    }

    /// <summary>Without a name for each: a scrape would make half a megabyte of them with five thousand clients.</summary>
    private static int CountOfDescriptors()
    {
        var count = 0;
        foreach (var one in new FileSystemEnumerable<int>("/proc/self/fd", static (ref FileSystemEntry _) => 1, Everything))
        {
            count += one;
        }

        return count;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
