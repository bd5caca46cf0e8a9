using System.Text;
using Proxy.Resp;

namespace Proxy.Core.Requests.Tracking;

/// <summary>Reads <c>CLIENT TRACKING ON|OFF [REDIRECT id] [PREFIX prefix …] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]</c>.</summary>
internal static class TrackingArguments
{
    private const int FirstOption = 3;

    /// <summary>Reads the options, from left to right as Redis does.</summary>
    /// <param name="frame">The request.</param>
    /// <param name="error">What is wrong with them; empty if nothing is.</param>
    /// <returns>What was read before the error, or all.</returns>
    public static TrackingOptions Parse(in RequestFrame frame, out ReadOnlySpan<byte> error)
    {
        error = default;
        var options = new TrackingOptions();
        var prefixes = new List<byte[]>();
        for (var i = FirstOption; i < frame.Count && error.IsEmpty; i++)
        {
            var hasMore = i + 1 < frame.Count;
            if (Is(frame[i], "REDIRECT"u8) && hasMore)
            {
                options = Redirect(options, frame[++i], out error);
            }
            else if (Is(frame[i], "PREFIX"u8) && hasMore)
            {
                prefixes.Add(frame[++i].ToArray());
            }
            else if (Switch(options, frame[i]) is { } switched)
            {
                options = switched;
            }
            else
            {
                error = Replies.SyntaxError;
            }
        }

        if (error.IsEmpty && !Is(frame[2], "ON"u8) && !Is(frame[2], "OFF"u8))
        {
            error = Replies.SyntaxError;
        }

        return options with { Prefixes = prefixes };
    }

    private static TrackingOptions? Switch(TrackingOptions options, ReadOnlySpan<byte> word) => true switch
    {
        _ when Is(word, "BCAST"u8) => options with { IsBroadcast = true },
        _ when Is(word, "OPTIN"u8) => options with { IsOptIn = true },
        _ when Is(word, "OPTOUT"u8) => options with { IsOptOut = true },
        _ when Is(word, "NOLOOP"u8) => options with { IsNoLoop = true },
        _ => null,
    };

    private static TrackingOptions Redirect(TrackingOptions options, ReadOnlySpan<byte> id, out ReadOnlySpan<byte> error)
    {
        error = default;
        if (options.Redirect != 0)
        {
            error = Replies.TrackingSeveralRedirects;
        }
        else if (!RedisInteger.TryParse(id, out var redirect))
        {
            error = Replies.NotInteger;
        }
        else if (redirect == 0)
        {
            error = Replies.TrackingRedirectMissing;
        }
        else
        {
            return options with { Redirect = redirect };
        }

        return options;
    }

    private static bool Is(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(argument, word);
}
