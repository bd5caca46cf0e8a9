using System.Collections.Immutable;

namespace Proxy.Resp.Commands;

/// <summary>The policies among a command's tips: `request_policy:all_shards` is <see cref="RequestPolicy.AllShards"/>.</summary>
internal static class PolicyTips
{
    /// <summary>Where it has to go; null if the proxy does not know the tip.</summary>
    public static RequestPolicy? Request(ImmutableArray<string> tips) => Find<RequestPolicy>(tips, "request_policy:");

    /// <summary>How the replies become one; null if the proxy does not know the tip.</summary>
    public static ResponsePolicy? Response(ImmutableArray<string> tips) => Find<ResponsePolicy>(tips, "response_policy:");

    private static TPolicy? Find<TPolicy>(ImmutableArray<string> tips, string prefix)
        where TPolicy : struct, Enum
    {
        var tip = tips.FirstOrDefault(tip => tip.StartsWith(prefix, StringComparison.Ordinal));
        if (tip is null)
        {
            return default(TPolicy);
        }

        // A number is no name, although the parser would take it.
        var name = tip[prefix.Length..].Replace("_", "", StringComparison.Ordinal);
        return name.All(char.IsAsciiLetter) && Enum.TryParse<TPolicy>(name, ignoreCase: true, out var policy) ? policy : null;
    }
}
