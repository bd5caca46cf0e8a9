namespace Proxy.Core.Requests.Administration;

/// <summary>Whom a word of DEBUG concerns.</summary>
internal enum DebugReach
{
    /// <summary>Whoever is asked says the same, or nobody knows better: the first server.</summary>
    First,

    /// <summary>The server of the key behind it.</summary>
    Key,

    /// <summary>The server of all keys behind it.</summary>
    Keys,

    /// <summary>Every server does it.</summary>
    All,

    /// <summary>Every server tells of itself, for people.</summary>
    Text,

    /// <summary>Every server has a part of the digest.</summary>
    Digest,

    /// <summary>Nobody: it would end the server.</summary>
    Nobody,
}
