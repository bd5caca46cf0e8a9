namespace Proxy.IntegrationTests.Differential;

/// <summary>How far two replies to the same request can be equal, where the servers are not the same process.</summary>
internal enum Comparison
{
    /// <summary>Byte for byte.</summary>
    Exact,

    /// <summary>The elements come in the order of a hash table, which is another in each process.</summary>
    AnyOrder,

    /// <summary>Numbers and texts tell of this process, this moment or chance: only their kinds and counts are compared.</summary>
    Shape,

    /// <summary>The text of INFO: only the names of its fields.</summary>
    Fields,
}
