namespace Proxy.Core.Requests.Transactions;

/// <summary>Who answers a command of a transaction.</summary>
internal enum QueuedKind : byte
{
    /// <summary>The server, in the array that EXEC brings.</summary>
    Server,

    /// <summary>The server; where it says <c>+OK</c>, the client goes on in that database.</summary>
    Select,

    /// <summary>The proxy, when the server's array is there.</summary>
    Local,
}
