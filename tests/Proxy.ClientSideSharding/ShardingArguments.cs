using Proxy.Partitioning;

namespace Proxy.ClientSideSharding;

/// <summary>The command line.</summary>
/// <param name="Servers">The servers, in the order given.</param>
/// <param name="Options">How keys are spread over them.</param>
/// <param name="Command">What to do, and with what.</param>
internal sealed record ShardingArguments(IReadOnlyList<Server> Servers, PartitionerOptions Options, string[] Command)
{
    internal const string Usage =
        """
        usage: Proxy.ClientSideSharding --server "HOST:PORT:WEIGHT [NAME]"... [OPTION]... COMMAND
          --distribution ketama|modula|random|slots|range   (ketama)
          --hash NAME                                       (fnv1a_64)
          --hash-tag XY                                     (none; {} with slots)
          --slots "0-8191,9000"                             the slots of the server before it; without any: even shares
          --by number|bytes   --bounds A,B,...   --otherwise NAME   (of a range)
        commands:
          set KEY VALUE
          get KEY
          route KEY...    prints KEY, server and address a line; without keys it reads them from standard input, one a line
        """;

    /// <exception cref="ArgumentException">The command line makes no sense; the message says why.</exception>
    internal static ShardingArguments Parse(IReadOnlyList<string> args)
    {
        var servers = new List<Server>();
        var slots = new Dictionary<int, IReadOnlyList<SlotRange>>();
        var options = new PartitionerOptions { Members = [] };
        string? otherwise = null;
        var next = 0;
        for (; next < args.Count && args[next].StartsWith("--", StringComparison.Ordinal); next += 2)
        {
            var value = next + 1 < args.Count ? args[next + 1] : throw new ArgumentException($"{args[next]} wants a value");
            switch (args[next])
            {
                case "--server":
                    servers.Add(Server.Parse(value));
                    break;
                case "--distribution":
                    options = options with { Distribution = Distributions.TryParse(value, out var distribution) ? distribution : throw Unknown("distribution", value) };
                    break;
                case "--hash":
                    options = options with { Hash = HashFunctions.TryParse(value, out var hash) ? hash : throw Unknown("hash", value) };
                    break;
                case "--hash-tag":
                    options = options with { HashTag = HashTag.TryParse(value, out var tag) ? tag : throw Unknown("hash tag of two bytes", value) };
                    break;
                case "--slots":
                    slots[servers.Count - 1] = [.. value.Split(',').Select(text => SlotRange.TryParse(text, out var range) ? range : throw Unknown("range of slots", text))];
                    break;
                case "--by":
                    options = options with { By = value switch { "number" => RangeBy.Number, "bytes" => RangeBy.Bytes, _ => throw Unknown("way to compare", value) } };
                    break;
                case "--bounds":
                    options = options with { Bounds = [.. value.Split(',').Select(bound => (RangeBound)bound)] };
                    break;
                case "--otherwise":
                    otherwise = value;
                    break;
                default:
                    throw new ArgumentException($"there is no option {args[next]}");
            }
        }

        options = options with
        {
            Members = [.. servers.Select(server => server.Member)],
            Slots = slots.Count == 0 ? null : [.. servers.Select((_, i) => slots.GetValueOrDefault(i) ?? [])],
            Otherwise = otherwise is null ? null : servers.FindIndex(server => server.Member.Name == otherwise),
        };
        return new ShardingArguments(servers, options, [.. args.Skip(next)]);
    }

    /// <summary>Runs the command.</summary>
    /// <exception cref="ArgumentException">There is no such command.</exception>
    internal async Task RunAsync(ShardedStore store, TextReader input, TextWriter output)
    {
        switch (Command)
        {
            case ["set", var key, var value]:
                await store.SetAsync(key, value);
                await output.WriteLineAsync("OK");
                break;
            case ["get", var key]:
                await output.WriteLineAsync(await store.GetAsync(key) ?? "(nil)");
                break;
            case ["route", .. var keys]:
                foreach (var key in keys.Length > 0 ? keys : Lines(input))
                {
                    var server = store.ServerOf(key);
                    await output.WriteLineAsync(server is null ? $"{key}\t-\t-" : $"{key}\t{server.Member.Name}\t{server.Host}:{server.Port}");
                }

                break;
            default:
                throw new ArgumentException(Command.Length == 0 ? "there is no command" : $"there is no command '{string.Join(' ', Command)}'");
        }
    }

    private static IEnumerable<string> Lines(TextReader input)
    {
        while (input.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static ArgumentException Unknown(string what, string value) => new($"'{value}' is no {what}");
}
