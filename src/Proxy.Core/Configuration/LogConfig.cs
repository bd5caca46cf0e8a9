using Proxy.Core.Model;

namespace Proxy.Core.Configuration;

/// <summary>The section <c>log:</c>.</summary>
internal sealed record LogConfig
{
    /// <summary>The log file.</summary>
    public Setting<string>? File { get; init; }

    /// <summary>The verbosity, 0 to 11.</summary>
    public Setting<int>? Level { get; init; }

    /// <summary>The form of a line.</summary>
    public Setting<LogFormat>? Format { get; init; }
}
