using System.Buffers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Tracking;

/// <summary>What cannot be asked for at the same time, or not after what was asked for before: checked in Redis's order.</summary>
internal static class TrackingConflicts
{
    /// <summary>Writes an error if there is one.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="present">What holds; null while tracking is off.</param>
    /// <returns>False if there is none.</returns>
    public static bool Write(IBufferWriter<byte> output, TrackingOptions options, TrackingOptions? present)
    {
        var error = OfModes(options, present);
        output.Write(error);
        return !error.IsEmpty || (options.IsBroadcast && WriteOfPrefixes(output, options, present));
    }

    private static ReadOnlySpan<byte> OfModes(TrackingOptions options, TrackingOptions? present) => true switch
    {
        _ when !options.IsBroadcast && options.Prefixes.Count > 0 => Replies.TrackingPrefixWithoutBroadcast,
        _ when present is not null && present.IsBroadcast != options.IsBroadcast => Replies.TrackingBroadcastSwitched,
        _ when options.IsBroadcast && (options.IsOptIn || options.IsOptOut) => Replies.TrackingOptionsInBroadcast,
        _ when options.IsOptIn && options.IsOptOut => Replies.TrackingBothOptions,
        _ when present is not null && ((options.IsOptIn && present.IsOptOut) || (options.IsOptOut && present.IsOptIn)) => Replies.TrackingOptionSwitched,
        _ => default,
    };

    private static bool WriteOfPrefixes(IBufferWriter<byte> output, TrackingOptions options, TrackingOptions? present)
    {
        for (var i = 0; i < options.Prefixes.Count; i++)
        {
            var prefix = options.Prefixes[i];
            foreach (var other in present?.Prefixes ?? [])
            {
                if (Overlap(prefix, other))
                {
                    Replies.TrackingPrefixOverlapsExisting(output, prefix, other);
                    return true;
                }
            }

            foreach (var other in options.Prefixes.Skip(i + 1))
            {
                if (Overlap(prefix, other))
                {
                    Replies.TrackingPrefixOverlapsProvided(output, prefix, other);
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Overlap(byte[] one, byte[] other) => one.AsSpan().StartsWith(other) || other.AsSpan().StartsWith(one);
}
