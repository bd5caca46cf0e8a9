using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>The words behind the keys of LCS, as Redis 7.0.15 reads them: in any order, the last of several counts.</summary>
internal sealed class SubsequenceOptions
{
    /// <summary>LEN: the length is asked for.</summary>
    public bool IsLength { get; private set; }

    /// <summary>IDX: the length, and where the bytes stand, are asked for.</summary>
    public bool IsIndexes { get; private set; }

    /// <summary>WITHMATCHLEN: each range with its length.</summary>
    public bool WithLengths { get; private set; }

    /// <summary>MINMATCHLEN: shorter ranges are left out.</summary>
    public long MinLength { get; private set; }

    /// <summary>Reads the words.</summary>
    /// <param name="frame">The request.</param>
    /// <param name="at">Index of the first of them.</param>
    /// <param name="refusal">What Redis replies where they are wrong; else empty.</param>
    public static SubsequenceOptions Read(in RequestFrame frame, int at, out ReadOnlySpan<byte> refusal)
    {
        var options = new SubsequenceOptions();
        for (; at < frame.Count; at++)
        {
            var word = frame[at];
            if (OptionWord.Is(word, "IDX"u8))
            {
                options.IsIndexes = true;
            }
            else if (OptionWord.Is(word, "LEN"u8))
            {
                options.IsLength = true;
            }
            else if (OptionWord.Is(word, "WITHMATCHLEN"u8))
            {
                options.WithLengths = true;
            }
            else if (at + 1 < frame.Count && OptionWord.Is(word, "MINMATCHLEN"u8))
            {
                if (!RedisInteger.TryParse(frame[++at], out var length))
                {
                    refusal = Replies.NotInteger;
                    return options;
                }

                options.MinLength = Math.Max(0, length);
            }
            else
            {
                refusal = Replies.SyntaxError;
                return options;
            }
        }

        refusal = options.IsIndexes && options.IsLength ? Replies.LcsLengthAndIndexes : default;
        return options;
    }
}
