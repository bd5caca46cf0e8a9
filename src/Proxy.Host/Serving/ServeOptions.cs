using Proxy.Core.Model;
using Proxy.Host.Yaml;

namespace Proxy.Host.Serving;

/// <summary>What the command line hands over to the server.</summary>
internal sealed record ServeOptions
{
    /// <summary>The model, flags applied: where, how and how much to log is in <see cref="ProcessModel.Log"/>.</summary>
    public required ProxyModel Model { get; init; }

    /// <summary>The path of the configuration file, for the log.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>Warnings about the configuration, to be logged at start, a line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Loads the file again and applies the same flags: a new model, or errors, which leave the old one running. Blocks.</summary>
    public required Func<LoadedConfig> Reload { get; init; }

    /// <summary>
    /// To be called once, when all listeners are bound. Writes the pid file and lets the process that waits for a daemon go.
    /// An exception means that the start failed.
    /// </summary>
    public required Action OnReady { get; init; }
}
