using Proxy.Transport.Channels;

namespace Proxy.Transport.IoUring;

/// <summary>
/// What a channel has received while nobody wanted to read: the end of an operation that receives again and again comes some time after it
/// was asked for. Kept in order, the end of the input behind the data.
/// </summary>
internal sealed class HeldInput
{
    private readonly Queue<ReceiveBuffer> _buffers = new();
    private int? _end;

    /// <summary>Nothing is held.</summary>
    public bool IsEmpty => _buffers.Count == 0 && _end is null;

    /// <summary>Holds a buffer with the count that it has.</summary>
    public void Add(ReceiveBuffer buffer) => _buffers.Enqueue(buffer);

    /// <summary>Holds the end.</summary>
    /// <param name="errno">0, or the error.</param>
    public void AddEnd(int errno) => _end ??= errno;

    /// <summary>The next buffer, still held.</summary>
    public bool TryPeek(out ReceiveBuffer buffer) => _buffers.TryPeek(out buffer!);

    /// <summary>Takes the next buffer.</summary>
    public bool TryTake(out ReceiveBuffer buffer) => _buffers.TryDequeue(out buffer!);

    /// <summary>Takes the end, if everything else was taken.</summary>
    public bool TryTakeEnd(out int errno)
    {
        errno = _end ?? 0;
        if (_end is null || _buffers.Count > 0)
        {
            return false;
        }

        _end = null;
        return true;
    }

    /// <summary>Gives everything back.</summary>
    public void Release()
    {
        while (_buffers.TryDequeue(out var buffer))
        {
            buffer.Release();
        }

        _end = null;
    }
}
