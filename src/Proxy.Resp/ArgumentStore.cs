using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Proxy.Resp;

/// <summary>
/// The argument ranges of one request: the first few in place, more of them in an array rented from the shared pool, which grows with what
/// has arrived, never with what was declared.
/// </summary>
/// <remarks>A mutable struct that may own a rented array: a field of one owner, never copied.</remarks>
internal struct ArgumentStore
{
    /// <summary>Ranges that need no array: one-digit counts, which is nearly every request.</summary>
    public const int InPlaceCapacity = 9;

    private const int FirstRent = 32;

    private InPlace _inPlace;
    private ArgumentRange[]? _rented;

    /// <summary>Ranges held.</summary>
    public int Count { get; private set; }

    /// <summary>The places for ranges that need no array, to be filled directly and then announced with <see cref="SetCount"/>.</summary>
    [UnscopedRef]
    public Span<ArgumentRange> InPlaceRanges => _inPlace;

    /// <summary>The ranges held, in order; valid until the next change.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<ArgumentRange> Ranges => _rented is null ? ((ReadOnlySpan<ArgumentRange>)_inPlace)[..Count] : _rented.AsSpan(0, Count);

    /// <summary>Says how many of <see cref="InPlaceRanges"/> were filled.</summary>
    public void SetCount(int count) => Count = count;

    /// <summary>Appends a range.</summary>
    public void Add(ArgumentRange range)
    {
        if (_rented is null && Count < InPlaceCapacity)
        {
            InPlaceRanges[Count++] = range;
            return;
        }

        if (_rented is null || Count == _rented.Length)
        {
            Grow();
        }

        _rented[Count++] = range;
    }

    /// <summary>Adds <paramref name="distance"/> to every offset: the bytes that the ranges point into have moved.</summary>
    public void Move(int distance)
    {
        var ranges = _rented is null ? InPlaceRanges[..Count] : _rented.AsSpan(0, Count);
        foreach (ref var range in ranges)
        {
            range = new ArgumentRange(range.HeaderOffset + distance, range.Offset + distance, range.Length);
        }
    }

    /// <summary>Forgets all ranges and gives the array back.</summary>
    public void Clear()
    {
        Count = 0;
        if (_rented is not null)
        {
            ArrayPool<ArgumentRange>.Shared.Return(_rented);
            _rented = null;
        }
    }

    [MemberNotNull(nameof(_rented))]
    private void Grow()
    {
        var larger = ArrayPool<ArgumentRange>.Shared.Rent(_rented is null ? FirstRent : Count * 2);
        Ranges.CopyTo(larger);
        if (_rented is not null)
        {
            ArrayPool<ArgumentRange>.Shared.Return(_rented);
        }

        _rented = larger;
    }

    [InlineArray(InPlaceCapacity)]
    private struct InPlace
    {
        private ArgumentRange _first;
    }
}
