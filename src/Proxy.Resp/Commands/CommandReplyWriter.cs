using System.Buffers;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Commands;

/// <summary>
/// Answers COMMAND and its subcommands from the table, as a server of version <see cref="CommandTable.SourceVersion"/> does, and from what servers
/// told of further commands; the order of commands may differ.
/// </summary>
internal static class CommandReplyWriter
{
    /// <param name="local">COMMAND or one of its subcommands.</param>
    /// <param name="learnt">The commands that only the servers know.</param>
    /// <param name="frame">The request, with a right number of arguments.</param>
    /// <param name="protocol">The client's version of RESP, 2 or 3.</param>
    /// <param name="keys">Scratch for GETKEYS; its content is lost.</param>
    /// <param name="output">Where the reply goes; nothing of it is kept.</param>
    /// <param name="mayGoOn">
    /// Asked after each command that the request names, as it may name the same one very often; false if the rest is not wanted any more.
    /// </param>
    public static void Write(
        LocalCommand local,
        LearntCommands learnt,
        in RequestFrame frame,
        int protocol,
        KeyPositions keys,
        IBufferWriter<byte> output,
        Func<bool>? mayGoOn = null)
    {
        var reply = new CommandReply(output, protocol);
        switch (local)
        {
            case LocalCommand.Command:
                WriteAll(learnt, reply);
                break;
            case LocalCommand.CommandCount:
                reply.Integer(Roots(learnt).Count());
                break;
            case LocalCommand.CommandDocs:
                CommandDocsReply.Write(Named(learnt, frame), reply, mayGoOn);
                break;
            case LocalCommand.CommandGetKeys:
                CommandGetKeysReply.Write(learnt, frame, withFlags: false, keys, reply);
                break;
            case LocalCommand.CommandGetKeysAndFlags:
                CommandGetKeysReply.Write(learnt, frame, withFlags: true, keys, reply);
                break;
            case LocalCommand.CommandHelp:
                reply.Fixed(Replies.CommandHelp);
                break;
            case LocalCommand.CommandInfo:
                WriteInfo(learnt, frame, reply, mayGoOn);
                break;
            case LocalCommand.CommandList:
                CommandListReply.Write(learnt, frame, reply);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(local), local, "not COMMAND");
        }
    }

    private static void WriteAll(LearntCommands learnt, in CommandReply reply)
    {
        var commands = Roots(learnt).ToList();
        reply.Array(commands.Count);
        foreach (var command in commands)
        {
            CommandInfoReply.Write(command, learnt, reply);
        }
    }

    private static IEnumerable<CommandInfo> Roots(LearntCommands learnt) =>
        CommandTable.Set.Roots.Where(command => !command.IsOurs).Concat(learnt.Roots);

    private static void WriteInfo(LearntCommands learnt, in RequestFrame frame, in CommandReply reply, Func<bool>? mayGoOn)
    {
        var commands = Named(learnt, frame);
        reply.Array(commands.Count);
        foreach (var command in commands)
        {
            if (command is null)
            {
                reply.Null();
            }
            else
            {
                CommandInfoReply.Write(command, learnt, reply);
            }

            if (mayGoOn?.Invoke() == false)
            {
                return;
            }
        }
    }

    // The commands that the request names, null for an unknown one; all commands if it names none.
    private static List<CommandInfo?> Named(LearntCommands learnt, in RequestFrame frame)
    {
        if (frame.Count == 2)
        {
            return [.. Roots(learnt)];
        }

        var named = new List<CommandInfo?>(frame.Count - 2);
        for (var i = 2; i < frame.Count; i++)
        {
            named.Add(learnt.FindFullName(frame[i]) is { } command && (!command.IsOurs || command.IsOwn) ? command : null);
        }

        return named;
    }
}
