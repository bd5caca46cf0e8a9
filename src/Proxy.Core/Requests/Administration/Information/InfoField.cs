namespace Proxy.Core.Requests.Administration.Information;

/// <summary>A line of INFO: <c>used_memory:941336</c>.</summary>
internal sealed record InfoField(string Name, string Value);
