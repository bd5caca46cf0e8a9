using Proxy.Core.Model;

namespace Proxy.Core.Configuration;

/// <summary>What became of a file.</summary>
/// <param name="Model">The model; null when there is an error.</param>
/// <param name="Problems">All errors and warnings in the order of the file.</param>
internal sealed record ConfigResult(ProxyModel? Model, IReadOnlyList<ConfigProblem> Problems);
