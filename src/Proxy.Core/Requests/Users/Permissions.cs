using System.Buffers;
using System.Text;
using Proxy.Core.Model;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Users;

/// <summary>What a user may not do, in Redis's words and in Redis's order: commands, keys, channels.</summary>
internal sealed class Permissions
{
    private readonly KeyPositions _keys;

    public Permissions(KeyPositions keys)
    {
        _keys = keys;
    }

    /// <summary>Looks at a request.</summary>
    /// <returns>The error line; empty if the user may send it.</returns>
    public ReadOnlySpan<byte> RefusalOf(UserModel user, CommandInfo command, in RequestFrame frame)
    {
        if ((command.Flags & CommandFlags.NoAuth) != 0)
        {
            return default;
        }

        if (!user.Allows(command))
        {
            var line = new ArrayBufferWriter<byte>();
            Replies.NoPermission(line, command.Name);
            return line.WrittenSpan;
        }

        if (command.Row.TakesKeys && KeyFinder.Find(command, frame, _keys) == KeySearch.Found)
        {
            for (var i = 0; i < _keys.Count; i++)
            {
                var flags = _keys.Flags(i);
                if ((flags & KeySpecFlags.VariableFlags) != 0)
                {
                    flags = VariableKeyFlags.Of(command, new RequestArguments(frame));
                }

                if (!AllowsKey(user, frame[_keys[i]], flags))
                {
                    return Replies.NoPermissionForKey;
                }
            }
        }

        if (!user.AllChannels && RefusesChannel(user, command, frame))
        {
            return Replies.NoPermissionForChannel;
        }

        return command.KeyMethod == KeyMethod.Sort && !user.ReadsAllKeys ? RefusalOfSort(frame) : default;
    }

    private static bool AllowsKey(UserModel user, ReadOnlySpan<byte> key, KeySpecFlags flags)
    {
        var reads = (flags & KeySpecFlags.Access) != 0;
        var writes = (flags & (KeySpecFlags.Insert | KeySpecFlags.Update | KeySpecFlags.Delete)) != 0;
        foreach (var pattern in user.Keys)
        {
            if ((!reads || pattern.Reads) && (!writes || pattern.Writes) && GlobPattern.Matches(pattern.Pattern, key, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }

    // A pattern is not matched against patterns: it has to stand there as it is.
    private static bool RefusesChannel(UserModel user, CommandInfo command, in RequestFrame frame)
    {
        var (count, isPattern) = command.Name switch
        {
            "publish" or "spublish" => (1, false),
            "subscribe" or "ssubscribe" => (frame.Count - 1, false),
            "psubscribe" => (frame.Count - 1, true),
            _ => (0, false),
        };
        for (var i = 1; i <= count; i++)
        {
            var isAllowed = false;
            foreach (var channel in user.Channels)
            {
                isAllowed |= isPattern ? frame[i].SequenceEqual(channel) : GlobPattern.Matches(channel, frame[i], ignoreCase: false);
            }

            if (!isAllowed)
            {
                return true;
            }
        }

        return false;
    }

    // BY and GET make up names of keys that nobody can check.
    private static ReadOnlySpan<byte> RefusalOfSort(in RequestFrame frame)
    {
        for (var i = 2; i + 1 < frame.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(frame[i], "BY"u8))
            {
                if (frame[i + 1].Contains((byte)'*'))
                {
                    return Replies.SortByDenied;
                }

                i++;
            }
            else if (Ascii.EqualsIgnoreCase(frame[i], "GET"u8))
            {
                return Replies.SortGetDenied;
            }
            else if (Ascii.EqualsIgnoreCase(frame[i], "LIMIT"u8))
            {
                i += 2;
            }
            else if (Ascii.EqualsIgnoreCase(frame[i], "STORE"u8))
            {
                i++;
            }
        }

        return default;
    }
}
