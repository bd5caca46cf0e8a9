using System.Buffers.Text;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Blocking;

/// <summary>
/// How long a blocking command says that it may wait. Only the proxy's own deadline depends on it: what is wrong with it the server says.
/// </summary>
internal static class BlockTimeout
{
    /// <summary>Milliseconds; 0 for as long as it takes, and for what is no timeout.</summary>
    /// <param name="command">A blocking command.</param>
    /// <param name="frame">The request.</param>
    /// <param name="firstKey">Index of its first key.</param>
    public static long Of(CommandInfo command, in RequestFrame frame, int firstKey)
    {
        if (command.IsLearnt)
        {
            // Nobody knows which of its arguments says so.
            return 0;
        }

        if (command.BlocksOnOption)
        {
            return OfOption(frame);
        }

        // In seconds. Where something stands before the keys it is that (BLMPOP timeout numkeys key …); else it is the last.
        var seconds = frame[firstKey == 1 ? frame.Count - 1 : 1];
        return Utf8Parser.TryParse(seconds, out double value, out var used) && used == seconds.Length && value is > 0 and < int.MaxValue
            ? (long)Math.Ceiling(value * 1000)
            : 0;
    }

    private static long OfOption(in RequestFrame frame)
    {
        for (var i = 1; i + 1 < frame.Count; i++)
        {
            if (OptionWord.Is(frame[i], "BLOCK"u8))
            {
                return RedisInteger.TryParse(frame[i + 1], out var milliseconds) && milliseconds is > 0 and < int.MaxValue * 1000L ? milliseconds : 0;
            }
        }

        return 0;
    }
}
