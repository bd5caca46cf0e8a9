using Proxy.Core.Model;

namespace Proxy.Host.Yaml;

/// <summary>What became of a configuration file, in lines for people: <c>file:line:column: key path: reason</c>.</summary>
/// <param name="Model">The model; null when there is an error.</param>
/// <param name="Errors">All errors.</param>
/// <param name="Warnings">All warnings, which do not keep the file from being used.</param>
internal sealed record LoadedConfig(ProxyModel? Model, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings);
