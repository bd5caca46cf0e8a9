using Proxy.Core.Metrics;
using Proxy.Host.Daemon;
using Proxy.Host.Serving;
using Proxy.Host.Yaml;

namespace Proxy.Host.CommandLine;

/// <summary>What the program does without a subcommand: describe, test, start a daemon, or serve.</summary>
internal static class ServeCommand
{
    /// <summary>Does what the flags say.</summary>
    /// <param name="flags">The flags.</param>
    /// <param name="arguments">All arguments, for starting the same program again as a daemon.</param>
    /// <param name="cancellation">Ends serving.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ServeFlags flags, string[] arguments, CancellationToken cancellation)
    {
        if (flags.DescribeStats)
        {
            StatisticsCatalog.Describe(Console.Out);
            return 0;
        }
        var loaded = Load(flags);
        if (flags.TestConfig || loaded.Model is null)
        {
            return await ConfigReport.WriteAsync(flags.ConfigPath, loaded);
        }
        if (flags.HasMbufSize)
        {
            loaded = loaded with { Warnings = [.. loaded.Warnings, "option -m has no effect: buffers grow and shrink"] };
        }
        var daemon = flags.Daemonize ? DaemonChild.FromEnvironment() : null;
        if (flags.Daemonize && daemon is null)
        {
            return DaemonParent.Start(arguments);
        }
        return await ServeAsync(flags, loaded, daemon, cancellation);
    }

    private static async Task<int> ServeAsync(ServeFlags flags, LoadedConfig loaded, DaemonChild? daemon, CancellationToken cancellation)
    {
        PidFile? pidFile;
        try
        {
            daemon?.Detach();
            pidFile = flags.PidFile is null ? null : PidFile.Claim(flags.PidFile);
        }
        catch (IOException failure)
        {
            await Console.Error.WriteLineAsync($"redis-proxy: {failure.Message}");
            return 1;
        }
        using (pidFile)
        {
            return await ProxyServer.RunAsync(
                new ServeOptions
                {
                    Model = loaded.Model!,
                    ConfigPath = flags.ConfigPath,
                    Warnings = loaded.Warnings,
                    Reload = () => Load(flags),
                    OnReady = () =>
                    {
                        pidFile?.Write();
                        daemon?.ReportReady();
                    },
                },
                cancellation);
        }
    }

    private static LoadedConfig Load(ServeFlags flags)
    {
        var loaded = ConfigFile.Load(flags.ConfigPath);
        return loaded.Model is null ? loaded : loaded with { Model = flags.Model.Apply(loaded.Model) };
    }
}
