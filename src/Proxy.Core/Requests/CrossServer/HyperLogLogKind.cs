namespace Proxy.Core.Requests.CrossServer;

/// <summary>What a string is, seen as a HyperLogLog.</summary>
internal enum HyperLogLogKind : byte
{
    /// <summary>One that PFADD made.</summary>
    Valid,

    /// <summary>None.</summary>
    Other,

    /// <summary>It has the header of one, but its registers cannot be read.</summary>
    Corrupted,
}
