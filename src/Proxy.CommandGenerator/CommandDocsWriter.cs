using System.Text.Json;

namespace Proxy.CommandGenerator;

/// <summary>Writes `command-docs.json` from a server's COMMAND DOCS reply: one line for each command; its subcommands stand inside it, as in the reply.</summary>
internal static class CommandDocsWriter
{
    public static void Write(string path, string server, RespNode reply)
    {
        // A map's row is its key with its value: `get`, `%5 summary … since …`.
        var commands = reply.Entries
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new RespNode('%', entry.Key, entry.Value.Items));
        JsonRows.Write(path, server, commands, WriteCommand);
    }

    private static void WriteCommand(Utf8JsonWriter json, RespNode command)
    {
        json.WriteString("name", command.Text);
        json.WritePropertyName("docs");
        WriteValue(json, command);
    }

    private static void WriteValue(Utf8JsonWriter json, RespNode value)
    {
        switch (value.Kind)
        {
            case '%':
                WriteMap(json, value);
                break;
            case '*' or '~':
                json.WriteStartArray();
                foreach (var item in value.Items)
                {
                    WriteValue(json, item);
                }

                json.WriteEndArray();
                break;
            case ':':
                json.WriteNumberValue(value.Integer);
                break;
            default:
                json.WriteStringValue(value.Text);
                break;
        }
    }

    private static void WriteMap(Utf8JsonWriter json, RespNode map)
    {
        json.WriteStartObject();
        foreach (var (key, value) in map.Entries)
        {
            json.WritePropertyName(key);
            // The server lists subcommands in the order of a hash table, which is another one for each process.
            WriteValue(json, key == "subcommands" ? Sorted(value) : value);
        }

        json.WriteEndObject();
    }

    private static RespNode Sorted(RespNode map)
    {
        var entries = map.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal);
        return map with { Items = [.. entries.SelectMany(entry => new[] { new RespNode('$', entry.Key, []), entry.Value })] };
    }
}
