using System.Buffers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Tracking;

/// <summary>CLIENT TRACKINGINFO.</summary>
internal static class TrackingInfo
{
    /// <summary>Writes the reply.</summary>
    public static void Write(ClientSession client, IBufferWriter<byte> output)
    {
        var tracking = client.Tracking;
        var flags = FlagsOf(tracking);
        RespWriter.MapHeader(output, 3, client.RespVersion);
        RespWriter.Bulk(output, "flags"u8);
        if (client.RespVersion >= 3)
        {
            RespWriter.SetHeader(output, flags.Count);
        }
        else
        {
            RespWriter.ArrayHeader(output, flags.Count);
        }

        foreach (var flag in flags)
        {
            RespWriter.Bulk(output, flag);
        }

        RespWriter.Bulk(output, "redirect"u8);
        RespWriter.Integer(output, tracking?.Options.Redirect ?? -1);
        RespWriter.Bulk(output, "prefixes"u8);
        var prefixes = tracking?.Options.Prefixes ?? [];
        RespWriter.ArrayHeader(output, prefixes.Count);
        foreach (var prefix in prefixes)
        {
            RespWriter.Bulk(output, prefix);
        }
    }

    private static List<string> FlagsOf(TrackingState? tracking)
    {
        if (tracking is null)
        {
            return ["off"];
        }

        var options = tracking.Options;
        List<(bool IsSet, string Name)> flags =
        [
            (true, "on"),
            (options.IsBroadcast, "bcast"),
            (options.IsOptIn, "optin"),
            (options.IsOptIn && tracking.IsCachingGiven, "caching-yes"),
            (options.IsOptOut, "optout"),
            (options.IsOptOut && tracking.IsCachingGiven, "caching-no"),
            (options.IsNoLoop, "noloop"),
            (tracking.IsRedirectBroken, "broken_redirect"),
        ];
        return [.. flags.Where(flag => flag.IsSet).Select(flag => flag.Name)];
    }
}
