namespace Proxy.Core.Model;

/// <summary>Where and how much the process logs.</summary>
internal sealed record LogModel
{
    /// <summary>Path of the log file, reopened on SIGHUP; null logs to standard error.</summary>
    public string? File { get; init; }

    /// <summary>
    /// nutcracker's verbosity, 0 (emergencies only) to 11 (everything): 3 error, 4 warning, 5 notice, 6 information, 7 and above debug.
    /// </summary>
    public int Verbosity { get; init; } = 5;

    /// <summary>The form of a line.</summary>
    public LogFormat Format { get; init; } = LogFormat.Text;
}
