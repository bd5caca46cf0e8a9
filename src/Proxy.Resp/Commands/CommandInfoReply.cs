using System.Collections.Immutable;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Commands;

/// <summary>A command as COMMAND and COMMAND INFO show it: `*10`, name, arity, flags, first key, last key, step, categories, tips, key specifications, subcommands.</summary>
internal static class CommandInfoReply
{
    /// <summary>Writes it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="learnt">Where further subcommands of it may be.</param>
    /// <param name="reply">Where the reply goes.</param>
    public static void Write(CommandInfo command, LearntCommands learnt, in CommandReply reply)
    {
        var row = command.Row;
        reply.Array(10);
        reply.Bulk(row.Name);
        reply.Integer(row.Arity);
        Statuses(row.FlagNames, reply);
        reply.Integer(row.First);
        reply.Integer(row.Last);
        reply.Integer(row.Step);
        Statuses(row.Categories, reply);
        WriteTips(row.Tips, reply);
        WriteKeySpecs(row.KeySpecs, reply);
        WriteSubcommands(command, learnt, reply);
    }

    private static void Statuses(ImmutableArray<string> texts, in CommandReply reply)
    {
        reply.Set(texts.Length);
        foreach (var text in texts)
        {
            reply.Status(text);
        }
    }

    private static void WriteTips(ImmutableArray<string> tips, in CommandReply reply)
    {
        reply.Set(tips.Length);
        foreach (var tip in tips)
        {
            reply.Bulk(tip);
        }
    }

    private static void WriteKeySpecs(ImmutableArray<KeySpec> specs, in CommandReply reply)
    {
        reply.Set(specs.Length);
        foreach (var spec in specs)
        {
            reply.Map(spec.Notes is null ? 3 : 4);
            if (spec.Notes is { } notes)
            {
                reply.Bulk("notes");
                reply.Bulk(notes);
            }

            reply.Bulk("flags");
            Statuses(spec.FlagNames, reply);
            reply.Bulk("begin_search");
            WriteBeginSearch(spec.BeginSearch, reply);
            reply.Bulk("find_keys");
            WriteFindKeys(spec.FindKeys, reply);
        }
    }

    private static void WriteBeginSearch(BeginSearch begin, in CommandReply reply)
    {
        switch (begin.Kind)
        {
            case BeginSearchKind.Index:
                WriteStep("index", 1, reply);
                WriteNumber("index", begin.Index, reply);
                break;
            case BeginSearchKind.Keyword:
                WriteStep("keyword", 2, reply);
                reply.Bulk("keyword");
                reply.Bulk(begin.Keyword);
                WriteNumber("startfrom", begin.StartFrom, reply);
                break;
            default:
                WriteStep("unknown", 0, reply);
                break;
        }
    }

    private static void WriteFindKeys(FindKeys find, in CommandReply reply)
    {
        switch (find.Kind)
        {
            case FindKeysKind.Range:
                WriteStep("range", 3, reply);
                WriteNumber("lastkey", find.LastKey, reply);
                WriteNumber("keystep", find.KeyStep, reply);
                WriteNumber("limit", find.Limit, reply);
                break;
            case FindKeysKind.KeyNum:
                WriteStep("keynum", 3, reply);
                WriteNumber("keynumidx", find.KeyNumIndex, reply);
                WriteNumber("firstkey", find.FirstKey, reply);
                WriteNumber("keystep", find.KeyStep, reply);
                break;
            default:
                WriteStep("unknown", 0, reply);
                break;
        }
    }

    // %2 $4 type $5 index $4 spec %1 …
    private static void WriteStep(string type, int members, in CommandReply reply)
    {
        reply.Map(2);
        reply.Bulk("type");
        reply.Bulk(type);
        reply.Bulk("spec");
        reply.Map(members);
    }

    private static void WriteNumber(string name, int value, in CommandReply reply)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }

    private static void WriteSubcommands(CommandInfo command, LearntCommands learnt, in CommandReply reply)
    {
        if (!command.HasSubcommands)
        {
            // Redis: a set if there are none, an array if there are some.
            reply.Set(0);
            return;
        }

        var subcommands = command.Subcommands.Where(IsTold).Concat(learnt.ExtensionsOf(command)).ToList();
        reply.Array(subcommands.Count);
        foreach (var subcommand in subcommands)
        {
            Write(subcommand, learnt, reply);
        }
    }

    private static bool IsTold(CommandInfo subcommand) => !subcommand.IsOurs || subcommand.IsOwn;
}
