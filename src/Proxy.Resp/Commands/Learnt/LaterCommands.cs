using System.Collections.Immutable;
using System.Text.Json;

namespace Proxy.Resp.Commands.Learnt;

/// <summary>
/// The commands that later versions of Redis have, and the modules that those ship, as far as they are documented. What the proxy does with a
/// request is never decided by this list, only by what servers tell: it is for the table in the README, for names in the configuration, and for
/// tests. Read when first asked for.
/// </summary>
internal static class LaterCommands
{
    private const string Resource = "Proxy.Resp.Commands.Data.later-commands.json";
    private static readonly Lazy<ImmutableArray<LaterCommand>> Shared = new(Load);
    private static readonly Lazy<Dictionary<string, LaterCommand>> ByName =
        new(static () => All.ToDictionary(command => command.Row.Name, StringComparer.Ordinal));

    /// <summary>All of them, by group and name.</summary>
    public static ImmutableArray<LaterCommand> All => Shared.Value;

    /// <summary>The one of that full name in lower case, `json.get`, `hotkeys|start`; or null.</summary>
    public static LaterCommand? Find(string name) => ByName.Value.GetValueOrDefault(name);

    private static ImmutableArray<LaterCommand> Load()
    {
        using var stream = typeof(LaterCommands).Assembly.GetManifestResourceStream(Resource)!;
        using var document = JsonDocument.Parse(stream);
        return
        [
            .. document.RootElement.GetProperty("commands").EnumerateArray().Select(row => new LaterCommand(
                CommandTableReader.ReadRow(row), row.GetProperty("group").GetString()!, row.GetProperty("since").GetString()!)),
        ];
    }
}
