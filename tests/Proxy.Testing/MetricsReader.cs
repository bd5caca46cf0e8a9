using System.Globalization;
using System.Text.RegularExpressions;

namespace Proxy.Testing;

/// <summary>Reads <c>/metrics</c> of a proxy whose file has <see cref="Key"/> among its keys.</summary>
public sealed partial class MetricsReader : IDisposable
{
    private readonly int _port = FreePort.Next();
    private readonly HttpClient _http;

    public MetricsReader() =>
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(15) };

    /// <summary>The line of the file that makes the proxy serve its metrics here.</summary>
    public string Key => $"admin: 127.0.0.1:{_port}";

    /// <summary>The page, line by line.</summary>
    public string[] Lines()
    {
        using var response = _http.Send(new HttpRequestMessage(HttpMethod.Get, "/metrics"));
        using var reader = new StreamReader(response.EnsureSuccessStatusCode().Content.ReadAsStream());
        return reader.ReadToEnd().Split('\n');
    }

    /// <summary>The sum of all series of a metric; 0 when there are none.</summary>
    public double Sum(string metric) => ValuesOf(metric).Sum(series => series.Value);

    /// <summary>The series of a metric with a single label, by the label's value.</summary>
    public IReadOnlyDictionary<string, double> ByLabel(string metric) =>
        ValuesOf(metric).ToDictionary(series => LabelValue().Match(series.Labels).Groups[1].Value, series => series.Value);

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("=\"([^\"]*)\"")]
    private static partial Regex LabelValue();

    // redis_proxy_client_connections{pool="main"} 3
    private IEnumerable<(string Labels, double Value)> ValuesOf(string metric) =>
        from line in Lines()
        let end = line.LastIndexOf(' ')
        where end > 0 && (line.StartsWith(metric + "{", StringComparison.Ordinal) || line.StartsWith(metric + " ", StringComparison.Ordinal))
        select (line[metric.Length..end], double.Parse(line[(end + 1)..], CultureInfo.InvariantCulture));
}
