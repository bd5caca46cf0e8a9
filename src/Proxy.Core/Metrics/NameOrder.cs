using System.Text;

namespace Proxy.Core.Metrics;

/// <summary>The order in which twemproxy lists pools and servers: the shorter name first, names of one length by their bytes (UTF-8).</summary>
internal sealed class NameOrder : IComparer<string>
{
    /// <summary>The only instance that is needed.</summary>
    public static readonly NameOrder Instance = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var left = Encoding.UTF8.GetBytes(x ?? "");
        var right = Encoding.UTF8.GetBytes(y ?? "");
        return left.Length == right.Length ? left.AsSpan().SequenceCompareTo(right) : left.Length.CompareTo(right.Length);
    }
}
