namespace Proxy.Host.Logging;

/// <summary>Where log lines end up. Used by one thread.</summary>
internal interface ILogSink : IDisposable
{
    /// <summary>Writes whole lines. The buffer is only read, during the call.</summary>
    /// <exception cref="IOException">Not all of them could be written: a full disk, a closed pipe.</exception>
    public void Write(ReadOnlySpan<byte> lines);

    /// <summary>Goes on in a new file of the same name, if it is a file. Where that fails, the old one is still written to.</summary>
    /// <exception cref="IOException">The new file cannot be opened.</exception>
    public void Reopen();
}
