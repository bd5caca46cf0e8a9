using System.Buffers;

namespace Proxy.Resp.Commands;

/// <summary>Answers COMMAND and its subcommands from the table, as a server of version <see cref="CommandTable.SourceVersion"/> does; the order of commands may differ.</summary>
internal static class CommandReplyWriter
{
    /// <param name="local">COMMAND or one of its subcommands.</param>
    /// <param name="frame">The request, with a right number of arguments.</param>
    /// <param name="protocol">The client's version of RESP, 2 or 3.</param>
    /// <param name="keys">Scratch for GETKEYS; its content is lost.</param>
    /// <param name="output">Where the reply goes; nothing of it is kept.</param>
    /// <param name="mayGoOn">
    /// Asked after each command that the request names, as it may name the same one very often; false if the rest is not wanted any more.
    /// </param>
    public static void Write(
        LocalCommand local, in RequestFrame frame, int protocol, KeyPositions keys, IBufferWriter<byte> output, Func<bool>? mayGoOn = null)
    {
        var reply = new CommandReply(output, protocol);
        switch (local)
        {
            case LocalCommand.Command:
                WriteAll(reply);
                break;
            case LocalCommand.CommandCount:
                reply.Integer(CommandTable.Set.Roots.Count(command => !command.IsOurs));
                break;
            case LocalCommand.CommandDocs:
                CommandDocsReply.Write(Named(frame), reply, mayGoOn);
                break;
            case LocalCommand.CommandGetKeys:
                CommandGetKeysReply.Write(frame, withFlags: false, keys, reply);
                break;
            case LocalCommand.CommandGetKeysAndFlags:
                CommandGetKeysReply.Write(frame, withFlags: true, keys, reply);
                break;
            case LocalCommand.CommandHelp:
                reply.Fixed(Replies.CommandHelp);
                break;
            case LocalCommand.CommandInfo:
                WriteInfo(frame, reply, mayGoOn);
                break;
            case LocalCommand.CommandList:
                CommandListReply.Write(frame, reply);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(local), local, "not COMMAND");
        }
    }

    private static void WriteAll(in CommandReply reply)
    {
        var commands = CommandTable.Set.Roots.Where(command => !command.IsOurs).ToList();
        reply.Array(commands.Count);
        foreach (var command in commands)
        {
            CommandInfoReply.Write(command, reply);
        }
    }

    private static void WriteInfo(in RequestFrame frame, in CommandReply reply, Func<bool>? mayGoOn)
    {
        var commands = Named(frame);
        reply.Array(commands.Count);
        foreach (var command in commands)
        {
            if (command is null)
            {
                reply.Null();
            }
            else
            {
                CommandInfoReply.Write(command, reply);
            }

            if (mayGoOn?.Invoke() == false)
            {
                return;
            }
        }
    }

    // The commands that the request names, null for an unknown one; all commands if it names none.
    private static List<CommandInfo?> Named(in RequestFrame frame)
    {
        if (frame.Count == 2)
        {
            return [.. CommandTable.Set.Roots.Where(command => !command.IsOurs)];
        }

        var named = new List<CommandInfo?>(frame.Count - 2);
        for (var i = 2; i < frame.Count; i++)
        {
            named.Add(CommandTable.FindFullName(frame[i]) is { } command && (!command.IsOurs || command.IsOwn) ? command : null);
        }

        return named;
    }
}
