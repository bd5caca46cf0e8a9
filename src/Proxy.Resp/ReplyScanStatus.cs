namespace Proxy.Resp;

/// <summary>What <see cref="ReplyScanner.Scan"/> found.</summary>
internal enum ReplyScanStatus
{
    /// <summary>All bytes belong to the current reply, which is not complete.</summary>
    NeedMore,

    /// <summary>The current reply ends with the last byte consumed.</summary>
    Complete,

    /// <summary>Not RESP: the connection is of no further use.</summary>
    Error,
}
