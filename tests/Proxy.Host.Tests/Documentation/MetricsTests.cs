using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Prometheus;
using Proxy.Core.Metrics;
using Proxy.Host.Admin;

namespace Proxy.Host.Tests.Documentation;

internal sealed class MetricsTests
{
    private const string Title = "Metrics";

    // What these labels say is a name of the user's, or of the build.
    private static readonly string[] OpenLabels = ["pool", "server", "command", "version", "commit", "runtime", "aot", "transport", "worker", "generation", "le"];

    private static readonly Regex TypeLine = new("^# TYPE ([^ ]+) ([^ ]+)$", RegexOptions.Multiline);
    private static readonly Regex SeriesLine = new(@"^([a-z_]+)(\{.*\})? [^ ]+$", RegexOptions.Multiline);
    private static readonly Regex Label = new("([a-z_]+)=\"([^\"]*)\"");

    private string _page = "";

    [OneTimeSetUp]
    public async Task RenderPage()
    {
        var page = new MetricsPage(new OnePoolStatistics(), new ReloadStatistics(), TimeProvider.System, NullLogger.Instance);
        _page = Encoding.UTF8.GetString((await page.RenderAsync(ExpositionFormat.PrometheusText, CancellationToken.None)).Span);
    }

    [Test]
    public void ReadmeTable_HasExactlyTheMetricsOfThePage_WithTypeAndLabels()
    {
        var page = TypeLine.Matches(_page).Select(type => $"{type.Groups[1].Value}, {type.Groups[2].Value}, {LabelsOf(type.Groups[1].Value)}");
        var readme = Readme.Rows(Title)
            .Where(row => row.Length == 4)
            .SelectMany(row => Readme.Code(row[0]).Select(name => $"{name}, {row[1]}, {string.Join(' ', Readme.Code(row[2]))}"));

        Assert.That(readme, Is.EquivalentTo(page));
    }

    [Test]
    public void ReadmeSection_NamesEveryValueOfALabel()
    {
        var named = Readme.Section(Title).SelectMany(Readme.Code).ToHashSet();
        var missing = Label.Matches(_page)
            .Where(label => !OpenLabels.Contains(label.Groups[1].Value) && !named.Contains(label.Groups[2].Value))
            .Select(label => label.Value)
            .Distinct();

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void ReadmeSection_NamesEveryStatisticOfTwemproxy()
    {
        var named = Readme.Section("Statistics").SelectMany(Readme.Code).ToHashSet();
        var missing = StatisticsCatalog.Pool.Select(statistic => statistic.Name).Concat(StatisticsCatalog.Server.Select(statistic => statistic.Name))
            .Where(name => !named.Contains(name));

        Assert.That(missing, Is.Empty);
    }

    private string LabelsOf(string metric)
    {
        var series = SeriesLine.Matches(_page).First(line => Regex.IsMatch(line.Groups[1].Value, $"^{metric}(_bucket|_sum|_count)?$"));
        return string.Join(' ', Label.Matches(series.Groups[2].Value).Select(label => label.Groups[1].Value).Where(name => name != "le"));
    }
}
