namespace Proxy.Transport.IoUring;

/// <summary>What a completion is about; a part of its user data. A channel has at most one operation of a kind at a time.</summary>
internal enum OperationKind
{
    /// <summary>Another operation is to end. Nobody waits for this one.</summary>
    Cancel,

    /// <summary>Another thread wakes the loop up.</summary>
    WakeUp,

    /// <summary>Input.</summary>
    Receive,

    /// <summary>A send that waits for room, and completes in any case.</summary>
    Send,

    /// <summary>A send that takes what there is room for at once, and completes only if that was not everything.</summary>
    QuickSend,

    /// <summary>Connected, or not.</summary>
    Connect,

    /// <summary>An error after the end of the input.</summary>
    Watch,

    /// <summary>A connection to accept, or accepted.</summary>
    Accept,
}
