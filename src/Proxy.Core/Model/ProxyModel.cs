using System.Collections.Immutable;

namespace Proxy.Core.Model;

/// <summary>A whole configuration, validated and parsed. Immutable: a reload replaces it as a whole.</summary>
/// <param name="Process">The settings of the process.</param>
/// <param name="Pools">The pools in the order of the file, at least one, with distinct names.</param>
internal sealed record ProxyModel(ProcessModel Process, ImmutableArray<PoolModel> Pools);
