using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Scripts;

/// <summary>
/// What a script says of itself in its first line, <c>#!lua flags=no-writes,allow-stale</c>: see
/// https://redis.io/docs/latest/develop/interact/programmability/lua-api/#script_flags.
/// </summary>
internal static class ScriptFlags
{
    private static ReadOnlySpan<byte> NoWrites => "no-writes"u8;

    /// <summary>Whether a command may change data, or be replicated, as far as can be seen: a function's flags cannot.</summary>
    /// <param name="client">Whose it is.</param>
    /// <param name="command">The command.</param>
    /// <param name="frame">The request, its arity checked.</param>
    public static bool MayReplicate(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        if (!command.MayReplicate || !command.RunsScript)
        {
            return command.MayReplicate;
        }

        return command.Name switch
        {
            "eval" => !IsReadOnly(frame[1]),
            "evalsha" => client.Pool.Pool.Scripts.Find(frame[1], client.Worker.NowMs) is not { } script || !IsReadOnly(script.Text),
            _ => true,
        };
    }

    /// <summary>Whether a script's first line has the flag <c>no-writes</c>: a server then lets it write nothing.</summary>
    public static bool IsReadOnly(ReadOnlySpan<byte> script)
    {
        var end = script.IndexOf((byte)'\n');
        if (end < 0 || !script.StartsWith("#!"u8))
        {
            return false;
        }

        var line = script[..end].TrimEnd("\r "u8);
        foreach (var word in line.Split((byte)' '))
        {
            if (line[word].StartsWith("flags="u8) && Has(line[word]["flags=".Length..], NoWrites))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(ReadOnlySpan<byte> flags, ReadOnlySpan<byte> wanted)
    {
        foreach (var flag in flags.Split((byte)','))
        {
            if (flags[flag].SequenceEqual(wanted))
            {
                return true;
            }
        }

        return false;
    }
}
