using System.Text.Json;

namespace Proxy.Resp.Commands;

/// <summary>COMMAND DOCS: a map from each command's name to its documentation.</summary>
internal static class CommandDocsReply
{
    /// <param name="commands">What to show; commands without documentation are left out, as by Redis.</param>
    /// <param name="reply">Where the reply goes.</param>
    /// <param name="mayGoOn">Asked after each command; false if the rest is not wanted any more.</param>
    public static void Write(IReadOnlyCollection<CommandInfo?> commands, in CommandReply reply, Func<bool>? mayGoOn)
    {
        reply.Map(commands.Count(static command => DocsOf(command) is not null));
        foreach (var command in commands)
        {
            if (DocsOf(command) is not { } docs)
            {
                continue;
            }

            reply.Bulk(command!.Name);
            WriteMap(docs, reply);
            if (mayGoOn?.Invoke() == false)
            {
                return;
            }
        }
    }

    private static JsonElement? DocsOf(CommandInfo? command) => command is null ? null : CommandDocs.Current.Find(command);

    private static void WriteMap(JsonElement map, in CommandReply reply)
    {
        reply.Map(map.GetPropertyCount());
        foreach (var member in map.EnumerateObject())
        {
            reply.Bulk(member.Name);
            WriteMember(member, reply);
        }
    }

    private static void WriteMember(JsonProperty member, in CommandReply reply)
    {
        switch (member.Value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteMap(member.Value, reply);
                break;
            case JsonValueKind.Number:
                reply.Integer(member.Value.GetInt32());
                break;
            case JsonValueKind.Array:
                WriteList(member, reply);
                break;
            default:
                reply.Bulk(member.Value.GetString()!);
                break;
        }
    }

    private static void WriteList(JsonProperty member, in CommandReply reply)
    {
        var count = member.Value.GetArrayLength();
        if (member.NameEquals("arguments"))
        {
            reply.Array(count);
        }
        else
        {
            reply.Set(count);
        }

        foreach (var item in member.Value.EnumerateArray())
        {
            WriteItem(item, reply);
        }
    }

    private static void WriteItem(JsonElement item, in CommandReply reply)
    {
        switch (item.ValueKind)
        {
            // An argument.
            case JsonValueKind.Object:
                WriteMap(item, reply);
                break;

            // A line of the history: ["7.0.0", "Added …"].
            case JsonValueKind.Array:
                reply.Array(item.GetArrayLength());
                foreach (var text in item.EnumerateArray())
                {
                    reply.Bulk(text.GetString()!);
                }

                break;

            // A flag.
            default:
                reply.Status(item.GetString()!);
                break;
        }
    }
}
