namespace Proxy.Resp;

/// <summary>What <see cref="RequestScanner"/> found.</summary>
internal enum RequestScanStatus
{
    /// <summary>The request is not complete: scan again when more bytes are there, from the same first byte.</summary>
    NeedMore,

    /// <summary>A whole request: take it with <see cref="RequestScanner"/>, then drop the scanner bytes.</summary>
    Request,

    /// <summary>Bytes that ask for nothing (`*0`, `*-1`, a blank line): drop <see cref="RequestScanner"/> bytes, no reply.</summary>
    Skipped,

    /// <summary>Not the protocol: reply <see cref="RequestScanner"/> after the earlier replies, then close.</summary>
    Error,

    /// <summary>Not for us (HTTP, TLS): close without a reply; <see cref="RequestScanner"/> says why.</summary>
    CloseSilently,
}
