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
    private readonly PooledBlock?[] _free = new PooledBlock?[Sizes.Length];
    private readonly int[] _count = new int[Sizes.Length];
    private readonly int[] _leastFree = new int[Sizes.Length];

    public BlockPool(IEventLoop loop, MemoryBudget budget)
    {
        _loop = loop;
        _budget = budget;
        References = new InputReferences(loop, budget);
    }

    /// <summary>The way of large parts of what is being read into out-buffers without a copy.</summary>
    public InputReferences References { get; }

    /// <summary>Bytes in blocks that nobody uses at the moment.</summary>
    public long FreeBytes
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < Sizes.Length; i++)
            {
                sum += (long)_count[i] * Sizes[i];
            }

            return sum;
        }
    }

    /// <summary>Takes an empty block with room for at least one byte, better for <paramref name="wanted"/>.</summary>
    /// <param name="wanted">Bytes to be written, as far as known. Larger than the largest block: several blocks are needed.</param>
    public PooledBlock Rent(int wanted)
    {
        var sizeClass = wanted <= Sizes[0] ? 0 : wanted <= Sizes[1] ? 1 : 2;
        var block = _free[sizeClass];
        if (block is null)
        {
            return Allocate(Sizes[sizeClass], sizeClass);
        }

        _free[sizeClass] = (PooledBlock?)block.Next;
        if (--_count[sizeClass] < _leastFree[sizeClass])
        {
            _leastFree[sizeClass] = _count[sizeClass];
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

        block.Next = _free[block.SizeClass];
        _free[block.SizeClass] = block;
        _count[block.SizeClass]++;
    }

    /// <summary>Gives back half of the blocks that were free during the whole time since the last call.</summary>
    public void Trim()
    {
        for (var i = 0; i < Sizes.Length; i++)
        {
            for (var drop = (_leastFree[i] + 1) / 2; drop > 0 && _free[i] is { } block; drop--)
            {
                _free[i] = (PooledBlock?)block.Next;
                _count[i]--;
                _budget.Add(-block.Bytes.Length);
            }

            _leastFree[i] = _count[i];
        }
    }

    private PooledBlock Allocate(int size, int sizeClass)
    {
        _budget.Add(size);
        return new PooledBlock(this, GC.AllocateUninitializedArray<byte>(size, pinned: true), sizeClass);
    }
}
