namespace Proxy.Core.Metrics;

/// <summary>What the control loop thinks of a server. The label <c>state</c> is the name in snake case.</summary>
internal enum ServerState
{
    /// <summary>Not tried yet.</summary>
    Unknown,

    /// <summary>The last attempt to reach it succeeded.</summary>
    Up,

    /// <summary>The last attempt to reach it failed; its keys still belong to it.</summary>
    Down,

    /// <summary>Out of the distribution (<c>auto_eject_hosts</c>).</summary>
    Ejected,
}
