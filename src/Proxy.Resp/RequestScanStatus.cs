namespace Proxy.Resp;

/// <summary>What the scanner found.</summary>
internal enum RequestScanStatus
{
    /// <summary>The request is not complete: scan again when more bytes are there, from the same first byte.</summary>
    NeedMore,

    /// <summary>A whole request: take it with the scanner, then drop the scanner bytes.</summary>
    Request,

    /// <summary>Bytes that ask for nothing (`*0`, `*-1`, a blank line): drop the scanner bytes, no reply.</summary>
    Skipped,

    /// <summary>Not the protocol: reply the scanner after the earlier replies, then close.</summary>
    Error,

    /// <summary>Not for us (HTTP, TLS): close without a reply; the scanner says why.</summary>
    CloseSilently,
}
