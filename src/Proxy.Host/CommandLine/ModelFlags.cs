using System.Net;
using Proxy.Core.Model;

namespace Proxy.Host.CommandLine;

/// <summary>The flags that beat what the file says, at start and at every reload. What was not given is null.</summary>
internal sealed record ModelFlags
{
    private const int DefaultStatsPort = 22222;

    /// <summary><c>-v</c>: the verbosity.</summary>
    public int? Verbosity { get; init; }

    /// <summary><c>-o</c>: the log file.</summary>
    public string? LogFile { get; init; }

    /// <summary><c>-s</c>: the port of the statistics.</summary>
    public int? StatsPort { get; init; }

    /// <summary><c>-a</c>: the address of the statistics.</summary>
    public IPAddress? StatsAddress { get; init; }

    /// <summary>The model with the flags in force.</summary>
    public ProxyModel Apply(ProxyModel model)
    {
        var process = model.Process;
        var log = process.Log with { Verbosity = Verbosity ?? process.Log.Verbosity, File = LogFile ?? process.Log.File };
        process = process with { Log = log };
        if (StatsPort is not null || StatsAddress is not null)
        {
            process = process with { Stats = StatsOver(process.Stats), StatsIsDefault = false };
        }
        return model with { Process = process };
    }

    // One of the two flags leaves the other half as the file, or the default, has it.
    private AddressModel StatsOver(AddressModel? written)
    {
        var before = written?.EndPoint as IPEndPoint;
        var endPoint = new IPEndPoint(StatsAddress ?? before?.Address ?? IPAddress.Loopback, StatsPort ?? before?.Port ?? DefaultStatsPort);
        return new AddressModel { Text = endPoint.ToString(), EndPoint = endPoint };
    }
}
