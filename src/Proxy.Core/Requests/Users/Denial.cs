namespace Proxy.Core.Requests.Users;

/// <summary>Why a user may not send a request.</summary>
internal enum Denial
{
    /// <summary>It may.</summary>
    None,

    /// <summary>The command is not its.</summary>
    Command,

    /// <summary>A key is not its, or not in that way.</summary>
    Key,

    /// <summary>A channel is not its.</summary>
    Channel,

    /// <summary>The BY of a SORT makes up names of keys. Redis says so when it runs the command, not before.</summary>
    SortBy,

    /// <summary>So does its GET.</summary>
    SortGet,
}
