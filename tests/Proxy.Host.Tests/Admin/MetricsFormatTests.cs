using NUnit.Framework;
using Prometheus;
using Proxy.Host.Admin;

namespace Proxy.Host.Tests.Admin;

[TestFixture]
internal sealed class MetricsFormatTests
{
    [TestCase("", ExpositionFormat.PrometheusText)]
    [TestCase("*/*", ExpositionFormat.PrometheusText)]
    [TestCase("text/plain", ExpositionFormat.PrometheusText)]
    [TestCase("text/html,application/xhtml+xml,*/*;q=0.8", ExpositionFormat.PrometheusText)]
    [TestCase("application/openmetrics-text", ExpositionFormat.OpenMetricsText)]
    [TestCase("application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", ExpositionFormat.OpenMetricsText)]
    [TestCase("text/plain;version=0.0.4;q=0.9,application/openmetrics-text;q=0.1", ExpositionFormat.PrometheusText)]
    [TestCase("application/openmetrics-text;q=0", ExpositionFormat.PrometheusText)]
    [TestCase("not a media type at all ,;=", ExpositionFormat.PrometheusText)]
    public void AcceptHeader_ChoosesTheFormat(string accept, ExpositionFormat format) => Assert.That(MetricsFormat.Choose(accept), Is.EqualTo(format));

    [Test]
    public void MissingAcceptHeader_GetsTheTextFormat() => Assert.That(MetricsFormat.Choose(default), Is.EqualTo(ExpositionFormat.PrometheusText));
}
