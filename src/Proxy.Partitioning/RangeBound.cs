using System.Globalization;
using System.Numerics;
using System.Text;

namespace Proxy.Partitioning;

/// <summary>
/// A bound between two neighbours of a range: the first key, or number, that belongs to the upper one. Made from a text, from bytes or
/// from a number, so that <c>Bounds = [10000, 20000]</c> and <c>Bounds = ["g", "p"]</c> both read as they are meant.
/// </summary>
/// <param name="bytes">Kept, not copied.</param>
public readonly struct RangeBound(ReadOnlyMemory<byte> bytes) : IEquatable<RangeBound>
{
    /// <summary>The bound as bytes; with <see cref="RangeBy.Number"/> ASCII digits.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>A bound from a text, as UTF-8.</summary>
    public static implicit operator RangeBound(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>A bound from bytes, which are kept, not copied.</summary>
    public static implicit operator RangeBound(byte[] bytes) => new(bytes);

    /// <summary>A bound from a number. A negative one is refused later, by <see cref="Partitioner.Create"/>.</summary>
    public static implicit operator RangeBound(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A bound from a number of any size. A negative one is refused later, by <see cref="Partitioner.Create"/>.</summary>
    public static implicit operator RangeBound(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the bytes are the same.</summary>
    public static bool operator ==(RangeBound left, RangeBound right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(RangeBound left, RangeBound right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(RangeBound other) => Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RangeBound other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.Span);
        return hash.ToHashCode();
    }

    /// <summary>The bound as text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);
}
