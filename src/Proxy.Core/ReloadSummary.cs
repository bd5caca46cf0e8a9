namespace Proxy.Core;

/// <summary>What a reload changed. Names of pools; a pool is in at most one of the lists.</summary>
/// <param name="Added">Pools that are new.</param>
/// <param name="Changed">Pools of which anything differs.</param>
/// <param name="Removed">Pools that are gone.</param>
/// <param name="NeedRestart">Keys that changed but only count at a start: <c>threads</c>.</param>
internal sealed record ReloadSummary(
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Changed,
    IReadOnlyList<string> Removed,
    IReadOnlyList<string> NeedRestart);
