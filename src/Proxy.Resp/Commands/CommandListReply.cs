using System.Text;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Commands;

/// <summary>`COMMAND LIST [FILTERBY MODULE name | ACLCAT category | PATTERN pattern]`: names of commands and subcommands.</summary>
internal static class CommandListReply
{
    public static void Write(LearntCommands learnt, in RequestFrame frame, in CommandReply reply)
    {
        var filter = Filter(frame);
        if (filter is null)
        {
            reply.Fixed(Replies.SyntaxError);
            return;
        }

        var names = CommandTable.All.Concat(learnt.All).Where(command => !command.IsOurs && filter(command)).Select(command => command.Name).ToList();
        reply.Array(names.Count);
        foreach (var name in names)
        {
            reply.Bulk(name);
        }
    }

    // Null: the arguments are wrong.
    private static Func<CommandInfo, bool>? Filter(in RequestFrame frame)
    {
        if (frame.Count == 2)
        {
            return static _ => true;
        }

        var arguments = new RequestArguments(frame);
        if (frame.Count != 5 || !arguments.Is(2, "FILTERBY"u8))
        {
            return null;
        }

        var wanted = frame[4].ToArray();
        if (arguments.Is(3, "PATTERN"u8))
        {
            return command => GlobPattern.Matches(wanted, command.Utf8Name.Span, ignoreCase: true);
        }

        if (arguments.Is(3, "ACLCAT"u8))
        {
            return command => command.Row.Categories.Any(category => Ascii.EqualsIgnoreCase(wanted, category.AsSpan(1)));
        }

        // Servers do not tell which module a command belongs to, where they tell of all commands.
        return arguments.Is(3, "MODULE"u8) ? static _ => false : null;
    }
}
