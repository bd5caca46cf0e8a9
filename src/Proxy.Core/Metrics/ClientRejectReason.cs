namespace Proxy.Core.Metrics;

/// <summary>Why a new client was turned away. The label <c>reason</c> is the name in snake case.</summary>
internal enum ClientRejectReason
{
    /// <summary>The pool has <c>client_connections</c> clients.</summary>
    Limit,

    /// <summary>The process's <c>memory_limit</c> is reached.</summary>
    MemoryLimit,
}
