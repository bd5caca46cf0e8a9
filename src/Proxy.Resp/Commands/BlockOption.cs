using System.Text;

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
            if (Ascii.EqualsIgnoreCase(option, "STREAMS"u8))
            {
                return false;
            }

            if (Ascii.EqualsIgnoreCase(option, "BLOCK"u8))
            {
                return true;
            }

            i += Ascii.EqualsIgnoreCase(option, "COUNT"u8) ? 1 : Ascii.EqualsIgnoreCase(option, "GROUP"u8) ? 2 : 0;
        }

        return false;
    }
}
