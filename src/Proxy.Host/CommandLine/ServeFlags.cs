namespace Proxy.Host.CommandLine;

/// <summary>nutcracker's flags as given.</summary>
internal sealed record ServeFlags
{
    /// <summary><c>-c</c>: the configuration file.</summary>
    public required string ConfigPath { get; init; }

    /// <summary><c>-t</c>: check the configuration file and end.</summary>
    public bool TestConfig { get; init; }

    /// <summary><c>-d</c>: serve in a process of its own, detached from the terminal.</summary>
    public bool Daemonize { get; init; }

    /// <summary><c>-D</c>: print the list of statistics and end.</summary>
    public bool DescribeStats { get; init; }

    /// <summary><c>-p</c>: where the process id goes; null is nowhere.</summary>
    public string? PidFile { get; init; }

    /// <summary><c>-m</c> was given, which has no effect.</summary>
    public bool HasMbufSize { get; init; }

    /// <summary>The flags that beat the file.</summary>
    public ModelFlags Model { get; init; } = new();
}
