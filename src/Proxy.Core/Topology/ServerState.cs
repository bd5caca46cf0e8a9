namespace Proxy.Core.Topology;

/// <summary>What the control loop thinks of a server.</summary>
internal enum ServerState
{
    /// <summary>Nothing speaks against it.</summary>
    Up,

    /// <summary>Its last connection or request failed; keys still go to it.</summary>
    Failing,

    /// <summary><c>auto_eject_hosts</c>: it failed <c>server_failure_limit</c> times in a row and its keys go to the others.</summary>
    Ejected,
}
