namespace Proxy.Core.Requests.Transactions;

/// <summary>Who answers a command of a transaction.</summary>
internal enum QueuedKind : byte
{
    /// <summary>The server, in the array that EXEC brings.</summary>
    Server,

    /// <summary>The server; where it says <c>+OK</c>, the client goes on in that database.</summary>
    Select,

    /// <summary>The server; the clients behind our subscriptions are counted in the number that it says.</summary>
    Publish,

    /// <summary>The server; the clients behind our subscriptions are counted in the numbers that it says.</summary>
    CountSubscribers,

    /// <summary>The server, whose INFO is told as that of the master that clients see.</summary>
    Info,

    /// <summary>The proxy, when the server's array is there.</summary>
    Local,

    /// <summary>Nobody: the client may not run it any more.</summary>
    Refused,
}
