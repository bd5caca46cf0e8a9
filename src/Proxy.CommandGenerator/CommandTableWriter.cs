using System.Text.Json;

namespace Proxy.CommandGenerator;

/// <summary>Writes `commands.json` from a server's COMMAND reply: one line for each command and subcommand, in order of their names.</summary>
/// <remarks>
/// An element of the reply is `name arity flags first last step categories tips key-specs subcommands`
/// (https://redis.io/docs/latest/commands/command/). Nothing is left out, so that the proxy can answer COMMAND as the server does.
/// </remarks>
internal static class CommandTableWriter
{
    public static void Write(string path, string server, RespNode reply)
    {
        var commands = reply.Items.SelectMany(WithSubcommands).OrderBy(command => command.Items[0].Text, StringComparer.Ordinal);
        JsonRows.Write(path, server, commands, WriteCommand);
    }

    private static IEnumerable<RespNode> WithSubcommands(RespNode command) => command.Items[9].Items.SelectMany(WithSubcommands).Prepend(command);

    private static void WriteCommand(Utf8JsonWriter json, RespNode command)
    {
        json.WriteString("name", command.Items[0].Text);
        json.WriteNumber("arity", command.Items[1].Integer);
        WriteTexts(json, "flags", command.Items[2]);
        json.WriteNumber("first", command.Items[3].Integer);
        json.WriteNumber("last", command.Items[4].Integer);
        json.WriteNumber("step", command.Items[5].Integer);
        WriteTexts(json, "categories", command.Items[6]);
        WriteTexts(json, "tips", command.Items[7]);
        json.WriteStartArray("keys");
        foreach (var spec in command.Items[8].Items)
        {
            WriteKeySpec(json, spec);
        }

        json.WriteEndArray();
    }

    private static void WriteKeySpec(Utf8JsonWriter json, RespNode spec)
    {
        json.WriteStartObject();
        if (spec.Find("notes") is { } notes)
        {
            json.WriteString("notes", notes.Text);
        }

        WriteTexts(json, "flags", spec["flags"]);
        WriteStep(json, "begin_search", spec["begin_search"]);
        WriteStep(json, "find_keys", spec["find_keys"]);
        json.WriteEndObject();
    }

    // "begin_search":{"keyword":{"keyword":"STREAMS","startfrom":1}}
    private static void WriteStep(Utf8JsonWriter json, string name, RespNode step)
    {
        json.WriteStartObject(name);
        json.WriteStartObject(step["type"].Text);
        foreach (var (key, value) in step["spec"].Entries)
        {
            if (value.Kind == ':')
            {
                json.WriteNumber(key, value.Integer);
            }
            else
            {
                json.WriteString(key, value.Text);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, RespNode list)
    {
        json.WriteStartArray(name);
        foreach (var text in list.Texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
