using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net;

namespace Proxy.Host.CommandLine;

/// <summary>The command line: nutcracker's flags, which serve, and the subcommand <c>route</c>.</summary>
internal static class ProxyCommand
{
    private const string DefaultConfig = "conf/proxy.yaml";

    /// <summary>Reads the arguments and does what they say.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        // Without response files: a key may begin with `@`.
        var parsed = Create(arguments).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"redis-proxy: {error.Message}");
            }
            await Console.Error.WriteLineAsync("Try 'redis-proxy --help'.");
            return 1;
        }
        // Signals are the server's: it drains, for as long as the configuration says.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static RootCommand Create(string[] arguments)
    {
        var config = new Option<string>("--conf-file", "-c")
        {
            Description = "The configuration file, ours or a nutcracker.yml",
            HelpName = "file",
            DefaultValueFactory = _ => DefaultConfig,
            Recursive = true,
        };
        var root = new RootCommand("A partitioning proxy for Redis. Without a command it serves the configuration.") { config };
        root.Directives.Clear();
        root.Options.OfType<VersionOption>().Single().Aliases.Add("-V");
        AddServing(root, config, arguments);
        root.Add(RouteCommand.Create(config));
        return root;
    }

    private static void AddServing(RootCommand root, Option<string> config, string[] arguments)
    {
        var test = new Option<bool>("--test-conf", "-t")
        {
            Description = "Check the configuration file, print all errors and warnings, and exit with 0 or 1",
        };
        var daemonize = new Option<bool>("--daemonize", "-d") { Description = "Serve as a daemon; returns when the listeners are bound" };
        var describe = new Option<bool>("--describe-stats", "-D") { Description = "Print the statistics with their descriptions and exit" };
        var verbose = new Option<int?>("--verbose", "--verbosity", "-v")
        {
            Description = "How much to log, 0 to 11 (default: 5): 3 errors, 4 warnings, 6 information, 7 and above debugging",
            HelpName = "level",
            CustomParser = FlagParsers.Number,
        };
        var output = new Option<string>("--output", "-o") { Description = "The log file (default: standard error)", HelpName = "file" };
        var statsPort = new Option<int?>("--stats-port", "-s")
        {
            Description = "Serve the statistics on this port (default with a nutcracker.yml: 22222)",
            HelpName = "port",
            CustomParser = FlagParsers.Port,
        };
        var statsAddress = new Option<IPAddress>("--stats-addr", "-a")
        {
            Description = "Serve the statistics on this address (default: 127.0.0.1)",
            HelpName = "address",
            CustomParser = FlagParsers.Address,
        };
        var interval = new Option<int?>("--stats-interval", "-i")
        {
            Description = "Accepted and without effect: statistics are made when they are asked for",
            HelpName = "ms",
            CustomParser = FlagParsers.Number,
        };
        var pidFile = new Option<string>("--pid-file", "-p")
        {
            Description = "Write the process id here; the file goes away with the process",
            HelpName = "file",
        };
        var mbufSize = new Option<int?>("--mbuf-size", "-m")
        {
            Description = "Accepted and without effect: buffers grow and shrink",
            HelpName = "bytes",
            CustomParser = FlagParsers.MbufSize,
        };
        Option[] options = [test, daemonize, describe, verbose, output, statsPort, statsAddress, interval, pidFile, mbufSize];
        foreach (var option in options)
        {
            root.Add(option);
        }
        root.SetAction((parsed, cancellation) => ServeCommand.RunAsync(
            new ServeFlags
            {
                ConfigPath = parsed.GetRequiredValue(config),
                TestConfig = parsed.GetValue(test),
                Daemonize = parsed.GetValue(daemonize),
                DescribeStats = parsed.GetValue(describe),
                PidFile = parsed.GetValue(pidFile),
                HasMbufSize = parsed.GetValue(mbufSize) is not null,
                Model = new ModelFlags
                {
                    Verbosity = parsed.GetValue(verbose),
                    LogFile = parsed.GetValue(output),
                    StatsPort = parsed.GetValue(statsPort),
                    StatsAddress = parsed.GetValue(statsAddress),
                },
            },
            arguments,
            cancellation));
    }
}
