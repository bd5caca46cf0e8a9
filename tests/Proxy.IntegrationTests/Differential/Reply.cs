using System.Globalization;

namespace Proxy.IntegrationTests.Differential;

/// <summary>A reply in the form in which it is compared.</summary>
internal static class Reply
{
    private static readonly Dictionary<string, Comparison> Rules = new(StringComparer.OrdinalIgnoreCase)
    {
        ["KEYS"] = Comparison.AnyOrder,
        ["SCAN"] = Comparison.AnyOrder,
        ["COMMAND"] = Comparison.AnyOrder,
        ["CONFIG GET"] = Comparison.AnyOrder,
        ["EXEC"] = Comparison.AnyOrder,
        ["FUNCTION LIST"] = Comparison.AnyOrder,
        ["PUBSUB CHANNELS"] = Comparison.AnyOrder,
        ["PUBSUB SHARDCHANNELS"] = Comparison.AnyOrder,
        ["INFO"] = Comparison.Fields,
        ["ACL CAT"] = Comparison.AnyOrder,
        ["ACL GENPASS"] = Comparison.Shape,
        ["ACL LOG"] = Comparison.Shape,
        ["CLIENT ID"] = Comparison.Shape,
        ["CLIENT INFO"] = Comparison.Shape,
        ["CLIENT LIST"] = Comparison.Shape,
        ["DEBUG OBJECT"] = Comparison.Shape,
        ["HELLO"] = Comparison.Shape,
        ["LASTSAVE"] = Comparison.Shape,
        ["LATENCY DOCTOR"] = Comparison.Shape,
        ["LATENCY HISTOGRAM"] = Comparison.Shape,
        ["LATENCY LATEST"] = Comparison.Shape,
        ["LOLWUT"] = Comparison.Shape,
        ["MEMORY DOCTOR"] = Comparison.Shape,
        ["MEMORY MALLOC-STATS"] = Comparison.Shape,
        ["MEMORY STATS"] = Comparison.Shape,
        ["OBJECT IDLETIME"] = Comparison.Shape,
        ["PTTL"] = Comparison.Shape,
        ["RANDOMKEY"] = Comparison.Shape,
        ["SLOWLOG GET"] = Comparison.Shape,
        ["TIME"] = Comparison.Shape,
        ["TTL"] = Comparison.Shape,
        ["XINFO CONSUMERS"] = Comparison.Shape,
        ["XPENDING"] = Comparison.Shape,
    };

    /// <summary>A reply without what may differ between two servers that do the same.</summary>
    /// <param name="request">What it answers.</param>
    /// <param name="reply">One whole frame.</param>
    public static string Comparable(string[] request, string reply)
    {
        var comparison = request.Length > 1 && Rules.TryGetValue($"{request[0]} {request[1]}", out var ofSubcommand)
            ? ofSubcommand
            : Rules.GetValueOrDefault(request[0]);
        var at = 0;
        return comparison == Comparison.Exact ? reply : Read(reply, ref at, comparison);
    }

    private static string Read(string reply, ref int at, Comparison comparison)
    {
        var end = reply.IndexOf("\r\n", at, StringComparison.Ordinal);
        var line = reply[at..end];
        at = end + 2;
        switch (line[0])
        {
            case '*' or '~' or '>' or '%':
                var count = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture) * (line[0] == '%' ? 2 : 1);
                var elements = new List<string>();
                for (var i = 0; i < count; i++)
                {
                    elements.Add(Read(reply, ref at, comparison));
                }

                if (comparison == Comparison.AnyOrder)
                {
                    elements.Sort(StringComparer.Ordinal);
                }

                return $"{line} {string.Concat(elements)}";
            case '$' or '=' when line[1] != '-':
                var length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                var text = reply.Substring(at, length);
                at += length + 2;
                return comparison switch
                {
                    Comparison.Shape => $"{line[0]}… ",
                    Comparison.Fields => $"{line[0]}{FieldNames(text)} ",
                    _ => $"{line[0]}{text} ",
                };
            case ':' or ',' or '+' when comparison == Comparison.Shape:
                return $"{line[0]}… ";
            default:
                return $"{line} ";
        }
    }

    // The proxy's own section is the last. What the proxy answers itself is no error of the server's.
    private static string FieldNames(string info) => string.Join(
        '\n',
        info.Split("\r\n# Proxy")[0].TrimEnd().Split("\r\n").Select(line => line.Split(':')[0]).Where(name => !name.StartsWith("errorstat_", StringComparison.Ordinal)));
}
