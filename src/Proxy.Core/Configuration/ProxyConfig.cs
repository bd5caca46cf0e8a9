namespace Proxy.Core.Configuration;

/// <summary>A whole file as written.</summary>
/// <param name="IsNutcracker">The file is a <c>nutcracker.yml</c>: its top level is the map of pools, and twemproxy's defaults
/// hold.</param>
/// <param name="Process">The section <c>proxy:</c>.</param>
/// <param name="Pools">The pools in the order of the file.</param>
internal sealed record ProxyConfig(bool IsNutcracker, ProcessConfig Process, IReadOnlyList<PoolConfig> Pools);
