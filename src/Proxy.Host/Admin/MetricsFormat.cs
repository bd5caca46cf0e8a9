using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Prometheus;

namespace Proxy.Host.Admin;

/// <summary>The two text formats of metrics, and the choice between them.</summary>
internal static class MetricsFormat
{
    private const string OpenMetrics = "application/openmetrics-text";
    private const string Text = "text/plain";

    /// <summary>The format that an Accept header prefers; Prometheus's text format unless OpenMetrics is asked for by its name.</summary>
    public static ExpositionFormat Choose(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var types))
        {
            return ExpositionFormat.PrometheusText;
        }

        var open = Quality(types, OpenMetrics);
        return open > 0 && open >= Quality(types, Text) ? ExpositionFormat.OpenMetricsText : ExpositionFormat.PrometheusText;
    }

    /// <summary>The Content-Type of a page in a format.</summary>
    public static string ContentType(ExpositionFormat format) => format == ExpositionFormat.OpenMetricsText
        ? OpenMetrics + "; version=1.0.0; charset=utf-8"
        : Text + "; version=0.0.4; charset=utf-8";

    private static double Quality(IEnumerable<MediaTypeHeaderValue> types, string name) =>
        types.Where(type => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(type => type.Quality ?? 1).DefaultIfEmpty(0).Max();
}
