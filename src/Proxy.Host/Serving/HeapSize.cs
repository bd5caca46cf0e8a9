namespace Proxy.Host.Serving;

/// <summary>How large the managed heap is, in bytes.</summary>
/// <param name="Used">Objects, those included that nobody needs any more and no collection has found yet.</param>
/// <param name="Committed">What the system has given for it.</param>
internal readonly record struct HeapSize(long Used, long Committed)
{
    /// <summary>The lesser of each.</summary>
    public HeapSize Least(HeapSize other) => new(Math.Min(Used, other.Used), Math.Min(Committed, other.Committed));
}
