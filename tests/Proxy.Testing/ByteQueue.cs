namespace Proxy.Testing;

/// <summary>Received bytes that nobody took yet.</summary>
internal sealed class ByteQueue
{
    private byte[] _bytes = new byte[4096];
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Room for the next bytes from the socket; <see cref="Added"/> says how many came.</summary>
    public Span<byte> Room()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_bytes.Length - _end < 2048)
        {
            var bytes = _end - _start > _bytes.Length / 2 ? new byte[_bytes.Length * 2] : _bytes;
            Unread.CopyTo(bytes);
            _end -= _start;
            _start = 0;
            _bytes = bytes;
        }

        return _bytes.AsSpan(_end);
    }

    public void Added(int count) => _end += count;

    public byte[] Take(int count)
    {
        var taken = Unread[..count].ToArray();
        _start += count;
        return taken;
    }
}
