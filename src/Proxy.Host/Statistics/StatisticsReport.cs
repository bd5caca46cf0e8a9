using System.Net;
using System.Reflection;
using Proxy.Core.Metrics;

namespace Proxy.Host.Statistics;

/// <summary>Makes the statistics document of this process whenever it is asked for. Thread-safe.</summary>
/// <param name="source">What the proxy shows of itself.</param>
/// <param name="clock">The time for the document.</param>
internal sealed class StatisticsReport(IStatisticsSource source, TimeProvider clock)
{
    /// <summary>The version of the program, without the revision it was built from.</summary>
    public static readonly string Version = InformationalVersion().Split('+')[0];

    /// <summary>The revision the program was built from; empty when the build did not know it.</summary>
    public static readonly string Revision = InformationalVersion().Split('+', 2) is [_, var revision] ? revision : "";

    /// <summary>The document of this moment. The array is the caller's.</summary>
    public byte[] Document() => StatisticsDocument.Write(ProxyStatistics.Take(source, clock.GetUtcNow()), Dns.GetHostName(), Version);

    private static string InformationalVersion() =>
        typeof(StatisticsReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
