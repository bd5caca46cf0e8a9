namespace Proxy.Resp.Commands;

/// <summary>How a key specification finds the argument from which its keys are counted.</summary>
internal enum BeginSearchKind
{
    Unknown,
    Index,
    Keyword,
}
