namespace Proxy.Core.Requests.Sessions;

/// <summary>Which replies a client wants (CLIENT REPLY).</summary>
internal enum ReplyMode : byte
{
    /// <summary>All.</summary>
    On,

    /// <summary>None.</summary>
    Off,

    /// <summary>Not the one to the next request, whatever that is.</summary>
    SkipNext,

    /// <summary>Not the one to the request that is being handled.</summary>
    Skip,
}
