namespace Proxy.Resp.Commands;

/// <summary>How a key specification finds its keys from the argument where it begins.</summary>
internal enum FindKeysKind
{
    Unknown,
    Range,
    KeyNum,
}
