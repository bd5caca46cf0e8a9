namespace Proxy.Resp;

/// <summary>What a client may send. One instance serves all clients of a pool.</summary>
internal sealed record RequestLimits
{
    /// <summary>Redis's default for every limit.</summary>
    public static RequestLimits Default { get; } = new();

    /// <summary>Most arguments of one request, its name included (Redis 6.2: 1024 * 1024).</summary>
    public int MaxArguments { get; init; } = 1024 * 1024;

    /// <summary>Most bytes of one argument (Redis: `proto-max-bulk-len`, 512 MB).</summary>
    public long MaxBulkLength { get; init; } = 512L * 1024 * 1024;

    /// <summary>Most bytes of a line: an inline command, a `*count` or a `$length` (Redis: 64 KB).</summary>
    public int MaxInlineLength { get; init; } = 64 * 1024;

    /// <summary>Most bytes of one request as it stands on the wire. A frame is one span, so that more than an array holds is not possible.</summary>
    public long MaxRequestSize { get; init; } = 513L * 1024 * 1024;
}
