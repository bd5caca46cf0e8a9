using Proxy.Transport.Channels;

namespace Proxy.Transport.IoUring;

/// <summary>
/// The buffers that the kernel receives into, for all channels of a loop. A buffer that was used goes to the channel, and a handler may keep it;
/// its place in the ring gets another one before the kernel is entered again. When the kernel has run out of buffers there are twice as
/// many of them, up to a limit; when few are used for long they become fewer again.
/// </summary>
internal sealed class ReceiveRing : IDisposable
{
    /// <summary>Bytes of a buffer.</summary>
    public const int BufferSize = 16 * 1024;

    private const int Least = 128;
    private const int Most = 1024;

    // Seconds of little use after which the number is halved: a load that comes in waves must not make and drop buffers with each of them.
    private const int QuietTrims = 10;

    private readonly BufferRing _ring;
    private readonly ReceiveBufferPool _pool = new(BufferSize);
    private readonly ReceiveBuffer?[] _buffers = new ReceiveBuffer[Most];
    private readonly Stack<int> _empty = new(Most);
    private int _filled;
    private int _target = Least;
    private int _usedInTurn;
    private int _mostUsed;
    private int _quietTrims;
    private bool _starved;

    /// <summary>Registers the ring and fills it.</summary>
    /// <exception cref="IoUringException">The kernel has no room.</exception>
    public ReceiveRing(IoUringRing ring)
    {
        _ring = new BufferRing(ring, 0, Most);
        for (var number = Most - 1; number >= 0; number--)
        {
            _empty.Push(number);
        }

        Refill();
    }

    /// <summary>The name of the group in submissions.</summary>
    public ushort Group => _ring.Group;

    /// <summary>Buffers that the ring is filled up to.</summary>
    public int Target => _target;

    /// <summary>Pieces of memory that all of its buffers lie in, those included that handlers keep.</summary>
    public int Slabs => _pool.Slabs;

    /// <summary>Takes the buffer that a completion names, with one count and so many bytes in it.</summary>
    public ReceiveBuffer Take(int number, int length)
    {
        var buffer = _buffers[number]!;
        _buffers[number] = null;
        _empty.Push(number);
        _filled--;
        _usedInTurn++;
        buffer.SetWriterIndex(length);
        return buffer;
    }

    /// <summary>The kernel had something to receive and no buffer.</summary>
    public void NoteStarved() => _starved = true;

    /// <summary>Fills the ring up; before each enter.</summary>
    public void Refill()
    {
        Adapt();
        if (_filled >= _target)
        {
            return;
        }

        while (_filled < _target)
        {
            var number = _empty.Pop();
            var buffer = _pool.Rent();
            _buffers[number] = buffer;
            _ring.Add(buffer.AddressOfPinnedMemory(), BufferSize, number);
            _filled++;
        }

        _ring.Publish();
    }

    /// <summary>Gives back what a burst needed and the quiet after it does not; about once a second.</summary>
    /// <param name="isStill">
    /// The kernel takes no buffer before the next enter, and all completions that name one were handled: those in the ring can be exchanged.
    /// </param>
    public void Trim(bool isStill)
    {
        _quietTrims = _mostUsed * 4 < _target ? _quietTrims + 1 : 0;
        if (_quietTrims >= QuietTrims)
        {
            _target = Math.Max(_target / 2, Least);
            _quietTrims = 0;
        }

        _mostUsed = 0;
        if (isStill && (_filled > _target || _pool.IsScattered))
        {
            // A ring that is little used would keep what it has for good, spread over the slabs of the burst.
            Empty();
            Refill();
        }

        _pool.Trim();
    }

    /// <summary>Takes the ring back from the kernel; no receive may be pending.</summary>
    public void Dispose() => _ring.Dispose();

    private void Empty()
    {
        _ring.Withdraw(_filled);
        for (var number = 0; number < Most; number++)
        {
            if (_buffers[number] is { } buffer)
            {
                _buffers[number] = null;
                _empty.Push(number);
                buffer.Release();
            }
        }

        _filled = 0;
    }

    private void Adapt()
    {
        _mostUsed = Math.Max(_mostUsed, _usedInTurn);
        if (_starved)
        {
            _starved = false;
            _target = Math.Min(_target * 2, Most);
        }

        _usedInTurn = 0;
    }
}
