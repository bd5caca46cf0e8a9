namespace Proxy.Core.Requests.Forwarding;

/// <summary>Whether a request goes out while it still arrives.</summary>
internal enum StreamStart
{
    /// <summary>No: it is gathered, and handled when it is whole.</summary>
    Never,

    /// <summary>Yes, but not before its client's earlier requests are answered.</summary>
    Later,

    /// <summary>Yes, and it has begun.</summary>
    Begun,
}
