using Proxy.Core.Model;
using Proxy.Resp;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Requests.Users;

/// <summary>What a user may not do, in Redis's order: commands, keys, channels. One per worker.</summary>
internal sealed class Permissions
{
    private readonly KeyPositions _keys;

    public Permissions(KeyPositions keys)
    {
        _keys = keys;
    }

    /// <summary>Looks at a request.</summary>
    public Denial Find(UserModel user, CommandInfo command, in RequestFrame frame)
    {
        if ((command.Flags & CommandFlags.NoAuth) != 0)
        {
            return Denial.None;
        }

        if (!user.Allows(command))
        {
            return Denial.Command;
        }

        if (!user.AllKeys && (command.Row.TakesKeys || command.IsLearnt) && RefusesKey(user, command, frame))
        {
            return Denial.Key;
        }

        if (!user.AllChannels && RefusesChannel(user, command, frame))
        {
            return Denial.Channel;
        }

        return command.KeyMethod == KeyMethod.Sort && !user.ReadsAllKeys ? FindInSort(frame) : Denial.None;
    }

    private bool RefusesKey(UserModel user, CommandInfo command, in RequestFrame frame)
    {
        if (command.IsLearnt && LearntOverlay.HidesKeys(command.Row))
        {
            return true;
        }

        var search = KeyFinder.Find(command, frame, _keys);
        if (search != KeySearch.Found)
        {
            // Redis refuses it too, in other words. That it reads the options as the proxy does is not to be what keys depend on.
            return search == KeySearch.Invalid && command.HasKeysBehindOptions;
        }

        for (var i = 0; i < _keys.Count; i++)
        {
            var flags = _keys.Flags(i);
            if ((flags & KeySpecFlags.VariableFlags) != 0)
            {
                flags = VariableKeyFlags.Of(command, new RequestArguments(frame));
            }

            var reads = (flags & KeySpecFlags.Access) != 0;
            var writes = (flags & (KeySpecFlags.Insert | KeySpecFlags.Update | KeySpecFlags.Delete)) != 0;
            if (!user.AllowsKey(frame[_keys[i]], reads, writes))
            {
                return true;
            }
        }

        return false;
    }

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
            if (!user.AllowsChannel(frame[i], isPattern))
            {
                return true;
            }
        }

        return false;
    }

    // BY and GET make up names of keys that nobody can check.
    private static Denial FindInSort(in RequestFrame frame)
    {
        for (var i = 2; i + 1 < frame.Count; i++)
        {
            if (OptionWord.Is(frame[i], "BY"u8))
            {
                if (frame[i + 1].Contains((byte)'*'))
                {
                    return Denial.SortBy;
                }

                i++;
            }
            else if (OptionWord.Is(frame[i], "GET"u8))
            {
                return Denial.SortGet;
            }
            else if (OptionWord.Is(frame[i], "LIMIT"u8))
            {
                i += 2;
            }
            else if (OptionWord.Is(frame[i], "STORE"u8))
            {
                i++;
            }
        }

        return Denial.None;
    }
}
