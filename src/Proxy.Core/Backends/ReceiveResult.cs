namespace Proxy.Core.Backends;

/// <summary>What <see cref="ReplyReceiver.Receive"/> took.</summary>
internal enum ReceiveResult
{
    /// <summary>A part of a reply; the rest follows.</summary>
    More,

    /// <summary>A part of a reply, and its client has no room for more.</summary>
    Congested,

    /// <summary>A reply, whole.</summary>
    Reply,

    /// <summary>A push message (RESP3 <c>&gt;</c>), which is nobody's reply.</summary>
    Push,

    /// <summary>Not RESP, or a reply that nobody asked for: the connection cannot be trusted any more.</summary>
    Garbage,
}
