namespace Proxy.Host.Logging;

/// <summary>Standard error as a place for log lines.</summary>
internal sealed class StandardErrorLog : ILogSink
{
    private readonly Stream _stream = Console.OpenStandardError();

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> lines) => _stream.Write(lines);

    /// <inheritdoc/>
    public void Reopen()
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
