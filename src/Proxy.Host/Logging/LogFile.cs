using Proxy.Host.Yaml;

namespace Proxy.Host.Logging;

/// <summary>A file as a place for log lines, always written at its end.</summary>
internal sealed class LogFile : ILogSink
{
    private readonly string _path;
    private FileStream _file;

    /// <summary>Opens or creates the file.</summary>
    /// <exception cref="IOException">It cannot be opened; the message is the reason, without the path.</exception>
    public LogFile(string path)
    {
        _path = Path.GetFullPath(path);
        _file = Open(_path);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> lines)
    {
        // A rotation by copy-and-truncate makes the file shorter behind our back: without this the next line would leave a hole before it.
        if (_file.CanSeek)
        {
            _file.Seek(0, SeekOrigin.End);
        }

        _file.Write(lines);
    }

    /// <inheritdoc/>
    public void Reopen()
    {
        var renewed = Open(_path);
        _file.Dispose();
        _file = renewed;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FileStream Open(string path)
    {
        try
        {
            // No buffer of its own: what is written is in the file when a crash comes.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException(FileProblem.Describe(path, failure), failure);
        }
    }
}
