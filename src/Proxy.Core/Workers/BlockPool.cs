using DotNetty.Transport.Channels;

namespace Proxy.Core.Workers;

/// <summary>
/// The blocks of one worker, in three sizes. Taken and returned on the worker's loop only, so without a lock.
/// What a burst needed and the quiet after it does not is given back to the runtime by <see cref="Trim"/>.
/// </summary>
internal sealed class BlockPool
{
    /// <summary>Sizes in bytes. The smallest holds some forty small replies, the largest one 64 KB read.</summary>
    private static readonly int[] Sizes = [4 * 1024, 16 * 1024, 64 * 1024];

    private readonly IEventLoop _loop;
    private readonly MemoryBudget _budget;
    private readonly FreeBlocks[] _free = [.. Sizes.Select(size => new FreeBlocks(size))];

    public BlockPool(IEventLoop loop, MemoryBudget budget)
    {
        _loop = loop;
        _budget = budget;
        References = new InputReferences(loop, budget);
    }

    /// <summary>The way of large parts of what is being read into out-buffers without a copy.</summary>
    public InputReferences References { get; }

    /// <summary>Bytes in blocks that nobody uses at the moment.</summary>
    public long FreeBytes => _free.Sum(blocks => (long)blocks.Count * blocks.Size);

    /// <summary>Takes an empty block with room for at least one byte, better for <paramref name="wanted"/>.</summary>
    /// <param name="wanted">Bytes to be written, as far as known. Larger than the largest block: several blocks are needed.</param>
    public PooledBlock Rent(int wanted)
    {
        var sizeClass = wanted <= Sizes[0] ? 0 : wanted <= Sizes[1] ? 1 : 2;
        var block = _free[sizeClass].Take();
        if (block is null)
        {
            return Allocate(Sizes[sizeClass], sizeClass);
        }

        block.Reuse();
        return block;
    }

    /// <summary>Takes an empty block with <paramref name="size"/> contiguous bytes.</summary>
    public PooledBlock RentContiguous(int size) => size <= Sizes[^1] ? Rent(size) : Allocate(size, -1);

    /// <summary>Takes a block back. Called by the block itself when its last count is released.</summary>
    public void Return(PooledBlock block)
    {
        // A channel closed from another thread may release there; such a block is left to the garbage collector.
        if (block.SizeClass < 0 || !_loop.InEventLoop)
        {
            _budget.Add(-block.Bytes.Length);
            return;
        }

        _free[block.SizeClass].Put(block);
    }

    /// <summary>Gives back what was free for long, or at once what is free while memory is scarce; about once a second.</summary>
    public void Trim()
    {
        var isScarce = _budget.IsScarce;
        foreach (var blocks in _free)
        {
            _budget.Add(-(long)blocks.Trim(isScarce) * blocks.Size);
        }
    }

    private PooledBlock Allocate(int size, int sizeClass)
    {
        _budget.Add(size);
        return new PooledBlock(this, GC.AllocateUninitializedArray<byte>(size, pinned: true), sizeClass);
    }
}
