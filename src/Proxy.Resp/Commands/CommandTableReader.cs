using System.Collections.Immutable;
using System.Text.Json;

namespace Proxy.Resp.Commands;

/// <summary>Reads the generated table, `commands.json`, and lays <see cref="CommandOverlay"/> over it.</summary>
internal static class CommandTableReader
{
    /// <exception cref="InvalidDataException">The table has a flag or policy that the proxy does not know: it has to learn it first.</exception>
    public static CommandSet Read(Stream json)
    {
        using var document = JsonDocument.Parse(json);
        var rows = document.RootElement.GetProperty("commands").EnumerateArray().Select(ReadRow).ToList();
        return CommandSetBuilder.Build(document.RootElement.GetProperty("server").GetString()!, rows);
    }

    /// <summary>Reads a row of the table, also of another file that has such rows.</summary>
    /// <exception cref="InvalidDataException">It has a flag or policy that the proxy does not know.</exception>
    public static CommandRow ReadRow(JsonElement row)
    {
        var flags = Texts(row, "flags");
        var tips = Texts(row, "tips");
        return new CommandRow(Text(row, "name"), Number(row, "arity"))
        {
            FlagNames = flags,
            Flags = flags.Aggregate(CommandFlags.None, (all, name) => all | CommandFlagNames.Parse(name)),
            First = Number(row, "first"),
            Last = Number(row, "last"),
            Step = Number(row, "step"),
            Categories = Texts(row, "categories"),
            Tips = tips,
            RequestPolicy = PolicyTips.Request(tips) ?? throw UnknownPolicy(tips),
            ResponsePolicy = PolicyTips.Response(tips) ?? throw UnknownPolicy(tips),
            KeySpecs = [.. row.GetProperty("keys").EnumerateArray().Select(ReadKeySpec)],
        };
    }

    private static KeySpec ReadKeySpec(JsonElement spec)
    {
        var flags = Texts(spec, "flags");
        var all = flags.Aggregate(KeySpecFlags.None, (all, name) => all | KeySpecFlagNames.Parse(name));
        return new KeySpec(all, ReadBeginSearch(spec.GetProperty("begin_search")), ReadFindKeys(spec.GetProperty("find_keys")))
        {
            FlagNames = flags,
            Notes = spec.TryGetProperty("notes", out var notes) ? notes.GetString() : null,
        };
    }

    private static BeginSearch ReadBeginSearch(JsonElement step)
    {
        var type = step.EnumerateObject().Single();
        return type.Name switch
        {
            "index" => new BeginSearch(BeginSearchKind.Index) { Index = Number(type.Value, "index") },
            "keyword" => new BeginSearch(BeginSearchKind.Keyword) { Keyword = Text(type.Value, "keyword"), StartFrom = Number(type.Value, "startfrom") },
            "unknown" => new BeginSearch(BeginSearchKind.Unknown),
            _ => throw new InvalidDataException($"unknown begin_search `{type.Name}`"),
        };
    }

    private static FindKeys ReadFindKeys(JsonElement step)
    {
        var type = step.EnumerateObject().Single();
        return type.Name switch
        {
            "range" => new FindKeys(FindKeysKind.Range)
            {
                LastKey = Number(type.Value, "lastkey"),
                KeyStep = Number(type.Value, "keystep"),
                Limit = Number(type.Value, "limit"),
            },
            "keynum" => new FindKeys(FindKeysKind.KeyNum)
            {
                KeyNumIndex = Number(type.Value, "keynumidx"),
                FirstKey = Number(type.Value, "firstkey"),
                KeyStep = Number(type.Value, "keystep"),
            },
            "unknown" => new FindKeys(FindKeysKind.Unknown),
            _ => throw new InvalidDataException($"unknown find_keys `{type.Name}`"),
        };
    }

    private static InvalidDataException UnknownPolicy(ImmutableArray<string> tips) =>
        new($"unknown policy in the tips `{string.Join(' ', tips)}`");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static ImmutableArray<string> Texts(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(text => string.Intern(text.GetString()!))];
}
