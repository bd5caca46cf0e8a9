namespace Proxy.Partitioning;

/// <summary>How keys are spread over the members. <see cref="Distributions"/> has the names used in configuration files.</summary>
public enum Distribution
{
    /// <summary>Consistent hashing on a ring of points (libketama, as twemproxy 0.5.0 builds it). A member that comes or goes moves few keys.</summary>
    Ketama,

    /// <summary>Hash modulo the sum of the weights, members in twemproxy's order. A member that comes or goes moves almost every key.</summary>
    Modula,

    /// <summary>Any live member, drawn anew for each key: weights are ignored and a key has no home.</summary>
    Random,

    /// <summary>The 16,384 slots of Redis Cluster (CRC16 of the hash-tagged key), each owned by one member.</summary>
    Slots,

    /// <summary>Rising bounds between the members, compared with the key or with the number inside it.</summary>
    Range,
}
