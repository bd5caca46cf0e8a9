using System.Numerics;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Commands;

/// <summary>`COMMAND GETKEYS command…` and `COMMAND GETKEYSANDFLAGS command…`.</summary>
internal static class CommandGetKeysReply
{
    // COMMAND GETKEYS stands before the request that is asked about.
    private const int Skip = 2;

    public static void Write(LearntCommands learnt, in RequestFrame frame, bool withFlags, KeyPositions keys, in CommandReply reply)
    {
        var arguments = new RequestArguments(frame, Skip);
        var lookup = learnt.Resolve(arguments, out var command);
        if (command is null || lookup == CommandLookup.UnknownSubcommand)
        {
            reply.Fixed(Replies.GetKeysInvalidCommand);
        }
        else if (!command.Row.TakesKeys)
        {
            reply.Fixed(Replies.GetKeysNoKeys);
        }
        else if (lookup == CommandLookup.WrongArity)
        {
            reply.Fixed(Replies.GetKeysWrongArity);
        }
        else
        {
            DocumentedKeys.Find(command, arguments, keys);
            WriteKeys(command, arguments, withFlags, keys, reply);
        }
    }

    private static void WriteKeys(CommandInfo command, in RequestArguments arguments, bool withFlags, KeyPositions keys, in CommandReply reply)
    {
        if (keys.Count == 0 && (command.Flags & CommandFlags.NoMandatoryKeys) == 0)
        {
            reply.Fixed(Replies.GetKeysInvalidArguments);
            return;
        }

        reply.Array(keys.Count);
        for (var i = 0; i < keys.Count; i++)
        {
            if (withFlags)
            {
                reply.Array(2);
            }

            reply.Bulk(arguments[keys[i]]);
            if (withFlags)
            {
                WriteFlags(keys.Flags(i), reply);
            }
        }
    }

    private static void WriteFlags(KeySpecFlags flags, in CommandReply reply)
    {
        reply.Set(BitOperations.PopCount((uint)flags));
        foreach (var (flag, name) in KeySpecFlagNames.InOrder)
        {
            if ((flags & flag) != 0)
            {
                reply.Status(name);
            }
        }
    }
}
