using System.Collections;

namespace Proxy.Host.CommandLine;

/// <summary>
/// The lines of a stream as bytes, without the line feed and without empty ones. Each is valid until the next is asked for.
/// </summary>
internal sealed class KeyLines(Stream input) : IEnumerable<ReadOnlyMemory<byte>>
{
    private byte[] _buffer = new byte[64 * 1024];

    /// <inheritdoc/>
    public IEnumerator<ReadOnlyMemory<byte>> GetEnumerator()
    {
        var filled = 0;
        int read;
        while ((read = Fill(filled)) > 0)
        {
            filled += read;
            var start = 0;
            int length;
            while ((length = _buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0)
            {
                if (length > 0)
                {
                    yield return _buffer.AsMemory(start, length);
                }
                start += length + 1;
            }
            _buffer.AsSpan(start, filled - start).CopyTo(_buffer);
            filled -= start;
        }
        if (filled > 0)
        {
            yield return _buffer.AsMemory(0, filled);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Fill(int filled)
    {
        if (filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        return input.Read(_buffer, filled, _buffer.Length - filled);
    }
}
