namespace Proxy.Partitioning;

/// <summary>What the bounds of <see cref="Distribution.Range"/> are compared with.</summary>
public enum RangeBy
{
    /// <summary>The first run of ASCII digits of the hash-tagged key, of any length, as a decimal number.</summary>
    Number,

    /// <summary>The hash-tagged key itself, byte by byte.</summary>
    Bytes,
}
