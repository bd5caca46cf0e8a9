using System.Text.Json;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Commands;

/// <summary>COMMAND DOCS: a map from each command's name to its documentation.</summary>
internal static class CommandDocsReply
{
    /// <param name="commands">What to show; commands without documentation are left out, as by Redis.</param>
    /// <param name="reply">Where the reply goes.</param>
    /// <param name="mayGoOn">Asked after each command; false if the rest is not wanted any more.</param>
    public static void Write(IReadOnlyCollection<CommandInfo?> commands, in CommandReply reply, Func<bool>? mayGoOn)
    {
        reply.Map(commands.Count(static command => command is not null && (command.IsLearnt || DocsOf(command) is not null)));
        foreach (var command in commands)
        {
            if (command is { IsLearnt: true })
            {
                reply.Bulk(command.Name);
                WriteLearnt(command, reply);
            }
            else if (DocsOf(command) is { } docs)
            {
                reply.Bulk(command!.Name);
                WriteMap(docs, reply);
            }

            if (mayGoOn?.Invoke() == false)
            {
                return;
            }
        }
    }

    private static JsonElement? DocsOf(CommandInfo? command) => command is null ? null : CommandDocs.Current.Find(command);

    // What a server tells of a command says nothing of what it is for.
    private static void WriteLearnt(CommandInfo command, in CommandReply reply)
    {
        var later = LaterCommands.Find(command.Name);
        var isModule = (command.Flags & CommandFlags.Module) != 0;
        reply.Map(1 + (later is null ? 0 : 1) + (command.HasSubcommands ? 1 : 0));
        if (later is not null)
        {
            reply.Bulk("since");
            reply.Bulk(later.Since);
        }

        reply.Bulk("group");
        reply.Bulk(isModule ? "module" : later?.Group ?? "generic");
        if (command.HasSubcommands)
        {
            reply.Bulk("subcommands");
            reply.Map(command.Subcommands.Length);
            foreach (var subcommand in command.Subcommands)
            {
                reply.Bulk(subcommand.Name);
                WriteLearnt(subcommand, reply);
            }
        }
    }

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
