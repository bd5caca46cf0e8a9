using System.Globalization;
using System.Text;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Tracking;

/// <summary>What the proxy says to a server for a tracking client.</summary>
internal static class TrackingWords
{
    /// <summary>The words of CLIENT TRACKING ON.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="redirect">What the server calls the connection that it is to tell; 0 for the same one.</param>
    public static string[] On(TrackingOptions options, long redirect)
    {
        List<string> words = ["CLIENT", "TRACKING", "ON"];
        if (redirect != 0)
        {
            words.AddRange(["REDIRECT", redirect.ToString(CultureInfo.InvariantCulture)]);
        }

        AddIf(options.IsBroadcast, "BCAST");
        AddIf(options.IsOptIn, "OPTIN");
        AddIf(options.IsOptOut, "OPTOUT");
        AddIf(options.IsNoLoop, "NOLOOP");

        // The empty one has all others in it, and overlaps them.
        if (options.Prefixes.All(prefix => prefix.Length > 0))
        {
            words.AddRange(options.Prefixes.SelectMany(prefix => new[] { "PREFIX", Encoding.Latin1.GetString(prefix) }));
        }

        return [.. words];

        void AddIf(bool isSet, string word)
        {
            if (isSet)
            {
                words.Add(word);
            }
        }
    }

    /// <summary>Writes a request of words, in which a character is a byte.</summary>
    /// <returns>Its length.</returns>
    public static long Append(OutBuffer output, params ReadOnlySpan<string> words)
    {
        var before = output.Length;
        RespWriter.ArrayHeader(output, words.Length);
        foreach (var word in words)
        {
            RespWriter.Bulk(output, Encoding.Latin1.GetBytes(word));
        }

        return output.Length - before;
    }
}
