namespace Proxy.Core.Metrics;

/// <summary>One of twemproxy's statistics.</summary>
/// <typeparam name="TSubject">What it is a statistic of.</typeparam>
/// <param name="Name">Its name in the JSON document.</param>
/// <param name="Description">twemproxy's one-line text.</param>
/// <param name="Value">How it follows from the sums.</param>
internal sealed record Statistic<TSubject>(string Name, string Description, Func<TSubject, long> Value);
