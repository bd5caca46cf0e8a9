using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Proxy.Core.Workers;

/// <summary>
/// Knows which received buffer a worker is reading at the moment, and lets an <see cref="OutBuffer"/> refer to a large part of it
/// instead of copying it: the buffer then goes from the one socket to the other, and back to its transport when it was sent.
/// </summary>
/// <remarks>One per worker, used on its loop; only a last release may happen elsewhere.</remarks>
internal sealed class InputReferences
{
    /// <summary>Parts below this many bytes are copied: counting references and a further entry in a gathering send cost more.</summary>
    public const int MinLength = 8 * 1024;

    /// <summary>A part must be at least this fraction of its buffer, or a few bytes would keep a large buffer.</summary>
    private const int MinShare = 4;

    /// <summary>What a burst needed beyond this is left to the garbage collector.</summary>
    private const int MaxFree = 1024;

    private readonly IEventLoop _loop;
    private IByteBuffer? _reading;
    private KeptBuffer? _kept;
    private Block? _freeBlocks;
    private KeptBuffer? _freeBuffers;
    private int _freeBlockCount;
    private int _freeBufferCount;

    public InputReferences(IEventLoop loop, MemoryBudget memory)
    {
        _loop = loop;
        Memory = memory;
    }

    /// <summary>Where kept buffers are counted.</summary>
    public MemoryBudget Memory { get; }

    /// <summary>
    /// Until the result is disposed, <paramref name="buffer"/> is what is being read: parts of its array may be referred to. A read
    /// inside of another read takes the outer one's place for its time.
    /// </summary>
    public ReadScope Read(IByteBuffer buffer)
    {
        var scope = new ReadScope(this, _reading, _kept);
        _reading = buffer;
        _kept = null;
        return scope;
    }

    /// <summary>A block that refers to <paramref name="bytes"/>, if they lie in the buffer that is being read and are worth it.</summary>
    /// <param name="bytes">At least <see cref="MinLength"/> bytes.</param>
    /// <param name="tail">The block they will stand behind; extended instead, if it ends where they begin.</param>
    /// <param name="block">The block to link; null when <paramref name="tail"/> has them.</param>
    /// <returns>False when they have to be copied.</returns>
    public bool TryRefer(ReadOnlySpan<byte> bytes, Block? tail, out ReferenceBlock? block)
    {
        block = null;
        if (_reading is not { } buffer || bytes.Length < SizeOf(buffer) / MinShare)
        {
            return false;
        }

        // Not the whole array: what is beside the buffer in it may be another one, which nobody would keep.
        ReadOnlySpan<byte> all = buffer.Array.AsSpan(buffer.ArrayOffset, buffer.Capacity);
        if (!all.Overlaps(bytes, out var start))
        {
            return false;
        }

        start += buffer.ArrayOffset;
        _kept ??= Keep(buffer);
        if (tail is ReferenceBlock last && last.Source == _kept && last.End == start)
        {
            last.Extend(bytes.Length);
            return true;
        }

        block = TakeBlock();
        block.Refer(_kept, start, bytes.Length);
        return true;
    }

    /// <summary>Takes back a block that refers to nothing any more.</summary>
    public void Return(ReferenceBlock block)
    {
        if (_loop.InEventLoop && _freeBlockCount < MaxFree)
        {
            block.Next = _freeBlocks;
            _freeBlocks = block;
            _freeBlockCount++;
        }
    }

    /// <summary>Takes back a keeper that keeps nothing any more.</summary>
    public void Return(KeptBuffer keeper)
    {
        if (_loop.InEventLoop && _freeBufferCount < MaxFree)
        {
            keeper.Next = _freeBuffers;
            _freeBuffers = keeper;
            _freeBufferCount++;
        }
    }

    /// <summary>A block that refers to a part of a buffer shows the buffer's whole array, of which the buffer may be a part itself.</summary>
    private static int SizeOf(IByteBuffer buffer) => (buffer as ReferenceBlock)?.Source!.Buffer.Capacity ?? buffer.Capacity;

    private KeptBuffer Keep(IByteBuffer buffer)
    {
        var keeper = _freeBuffers;
        if (keeper is null)
        {
            keeper = new KeptBuffer(this);
        }
        else
        {
            _freeBuffers = keeper.Next;
            _freeBufferCount--;
        }

        keeper.Keep(buffer);
        return keeper;
    }

    private ReferenceBlock TakeBlock()
    {
        if (_freeBlocks is not ReferenceBlock block)
        {
            return new ReferenceBlock(this);
        }

        _freeBlocks = block.Next;
        _freeBlockCount--;
        return block;
    }

    /// <summary>The time during which a buffer is being read.</summary>
    public readonly ref struct ReadScope
    {
        private readonly InputReferences _references;
        private readonly IByteBuffer? _outerBuffer;
        private readonly KeptBuffer? _outerKept;

        internal ReadScope(InputReferences references, IByteBuffer? outerBuffer, KeptBuffer? outerKept)
        {
            _references = references;
            _outerBuffer = outerBuffer;
            _outerKept = outerKept;
        }

        /// <summary>The buffer is read; whoever refers to a part of it keeps it from now on.</summary>
        public void Dispose()
        {
            _references._kept?.Release();
            _references._reading = _outerBuffer;
            _references._kept = _outerKept;
        }
    }
}
