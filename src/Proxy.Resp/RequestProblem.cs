namespace Proxy.Resp;

/// <summary>Why a client's bytes are not a request. For the log and the counters; the client sees <see cref="RequestScanner"/>.</summary>
internal enum RequestProblem
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>`*` was not followed by a count, by CRLF, or by a count that is allowed.</summary>
    InvalidMultibulkLength,

    /// <summary>`$` was not followed by a length, by CRLF, or by a length that is allowed.</summary>
    InvalidBulkLength,

    /// <summary>An argument does not start with `$`.</summary>
    ExpectedDollar,

    /// <summary>The payload of an argument is not followed by CRLF.</summary>
    ExpectedCrlf,

    /// <summary>A `*count` line without an end.</summary>
    MultibulkCountTooLong,

    /// <summary>A `$length` line without an end.</summary>
    BulkCountTooLong,

    /// <summary>An inline command without an end.</summary>
    InlineTooLong,

    /// <summary>Quotes of an inline command that do not close, or close inside a word.</summary>
    UnbalancedQuotes,

    /// <summary>A NUL byte in an inline command.</summary>
    NulInInline,

    /// <summary>More arguments than a client may send before AUTH.</summary>
    UnauthenticatedMultibulkLength,

    /// <summary>A longer argument than a client may send before AUTH.</summary>
    UnauthenticatedBulkLength,

    /// <summary>The request as a whole is larger than <see cref="RequestLimits.MaxRequestSize"/>.</summary>
    RequestTooLarge,

    /// <summary>A TLS handshake on a plaintext port.</summary>
    TlsClientHello,

    /// <summary>An HTTP request (`POST …`, `Host: …`): a browser that was made to talk to us.</summary>
    HttpRequest,
}
