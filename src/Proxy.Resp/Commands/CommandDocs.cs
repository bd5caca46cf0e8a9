using System.Text.Json;

namespace Proxy.Resp.Commands;

/// <summary>A server's COMMAND DOCS: what each command is for, since when, and its arguments. Read when first asked for.</summary>
internal sealed class CommandDocs
{
    private const string Resource = "Proxy.Resp.Commands.Data.command-docs.json";
    private const string OwnResource = "Proxy.Resp.Commands.Data.proxy-docs.json";
    private static readonly Lazy<CommandDocs> Shared = new(Load);
    private readonly Dictionary<string, JsonElement> _docs;

    private CommandDocs(JsonElement commands)
    {
        using var own = typeof(CommandDocs).Assembly.GetManifestResourceStream(OwnResource)!;
        _docs = commands.EnumerateArray().Concat(Commands(own).EnumerateArray()).ToDictionary(row => row.GetProperty("name").GetString()!, row => row.GetProperty("docs"), StringComparer.Ordinal);
    }

    /// <summary>Those of the server of <see cref="CommandTable.SourceVersion"/>, and the proxy's own.</summary>
    public static CommandDocs Current => Shared.Value;

    /// <summary>The members of a command's documentation; of a container with those of its subcommands. Null if the server had none.</summary>
    public JsonElement? Find(CommandInfo command)
    {
        var container = command.Row.Container;
        if (!_docs.TryGetValue(container ?? command.Name, out var docs))
        {
            return null;
        }

        if (container is null)
        {
            return docs;
        }

        return docs.GetProperty("subcommands").TryGetProperty(command.Name, out var own) ? own : null;
    }

    /// <summary>Redis's name for the family that a command belongs to, `sorted-set`; null if the server had none.</summary>
    public string? Group(CommandInfo command) => Find(command)?.GetProperty("group").GetString();

    /// <summary>Reads the form that the command generator writes.</summary>
    public static CommandDocs Read(Stream json) => new(Commands(json));

    private static JsonElement Commands(Stream json) => JsonDocument.Parse(json).RootElement.GetProperty("commands");

    private static CommandDocs Load()
    {
        using var stream = typeof(CommandDocs).Assembly.GetManifestResourceStream(Resource)!;
        return Read(stream);
    }
}
