using Proxy.Partitioning;

namespace Proxy.Core.Configuration;

/// <summary>The section <c>slots:</c> of a pool.</summary>
/// <param name="Place">Where the section stands.</param>
/// <param name="Shares">Each server's name with the ranges that were written for it, in the order of the file.</param>
internal sealed record SlotsConfig(Place Place, IReadOnlyList<(Setting<string> Server, IReadOnlyList<Setting<SlotRange>> Ranges)> Shares);
