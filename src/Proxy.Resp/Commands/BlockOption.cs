namespace Proxy.Resp.Commands;

/// <summary>Whether XREAD or XREADGROUP asks to wait: `XREAD COUNT 1 BLOCK 0 STREAMS k $`.</summary>
internal static class BlockOption
{
    /// <summary>Reads the options as Redis does: a value is not taken for an option (a group may be named `block`).</summary>
    public static bool IsPresent(in RequestFrame frame)
    {
        for (var i = 1; i < frame.Count; i++)
        {
            var option = frame[i];
            if (OptionWord.Is(option, "STREAMS"u8))
            {
                return false;
            }

            if (OptionWord.Is(option, "BLOCK"u8))
            {
                return true;
            }

            i += OptionWord.Is(option, "COUNT"u8) ? 1 : OptionWord.Is(option, "GROUP"u8) ? 2 : 0;
        }

        return false;
    }
}
