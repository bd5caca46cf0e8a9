namespace Proxy.Resp;

/// <summary>An aggregate that a reply is inside of.</summary>
/// <param name="Remaining">Elements still to end, the current one included; a map's keys and values count one each.</param>
/// <param name="IsAttribute">Whether it is an attribute: no element itself, but a prefix of the one that follows.</param>
internal readonly record struct ReplyLevel(long Remaining, bool IsAttribute);
