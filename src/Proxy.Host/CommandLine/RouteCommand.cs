using System.CommandLine;
using Proxy.Core.Configuration;
using Proxy.Core.Model;
using Proxy.Host.Yaml;
using Proxy.Partitioning;

namespace Proxy.Host.CommandLine;

/// <summary><c>redis-proxy route</c>: which server takes which key, without connecting to anything.</summary>
internal static class RouteCommand
{
    /// <summary>The subcommand.</summary>
    public static Command Create(Option<string> config)
    {
        var pool = new Option<string>("--pool", "-p") { Description = "The pool, where the file has several", HelpName = "name" };
        var spread = new Option<bool>("--spread")
        {
            Description = "Read keys from standard input, one a line, and print SERVER<TAB>KEYS<TAB>PERCENT for every server",
        };
        var keys = new Argument<string[]>("key")
        {
            Description = "Keys; prints KEY<TAB>SERVER<TAB>ADDRESS a line",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("route", "Print which server takes which key") { pool, spread, keys };
        command.Validators.Add(result =>
        {
            var hasKeys = result.GetValue(keys) is { Length: > 0 };
            if (hasKeys == result.GetValue(spread))
            {
                result.AddError(hasKeys
                    ? "--spread reads its keys from standard input, not from the command line"
                    : "route takes at least one key, or --spread");
            }
        });
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(config),
            parsed.GetValue(pool),
            parsed.GetValue(spread) ? null : parsed.GetRequiredValue(keys)));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? name, string[]? keys)
    {
        var loaded = ConfigFile.Load(path);
        if (loaded.Model is null)
        {
            return await ConfigReport.WriteAsync(path, loaded);
        }
        var pool = Choose(loaded.Model, name, path, out var refusal);
        if (pool is null)
        {
            await Console.Error.WriteLineAsync($"redis-proxy: {refusal}");
            return 1;
        }
        var partitioner = Partitioner.Create(pool.Partitioning);
        await using var output = Console.OpenStandardOutput();
        if (keys is not null)
        {
            return KeyRoutes.Print(pool, partitioner, RawArguments.BytesOf(keys), output);
        }
        await using var input = Console.OpenStandardInput();
        return KeySpread.Print(pool, partitioner, input, output);
    }

    private static PoolModel? Choose(ProxyModel model, string? name, string path, out string refusal)
    {
        var names = model.Pools.Select(pool => pool.Name).ToList();
        var known = string.Join(", ", names);
        if (name is null)
        {
            refusal = $"'{path}' has several pools, choose one with -p: {known}";
            return model.Pools.Length == 1 ? model.Pools[0] : null;
        }
        refusal = $"'{path}' has no pool '{name}'{Spelling.Suggest(name, names)}, only: {known}";
        return model.Pools.FirstOrDefault(pool => pool.Name == name);
    }
}
