namespace Proxy.Core.Workers;

/// <summary>
/// The free blocks of one size. What a burst needed and the quiet after it does not is dropped by <see cref="Trim"/>; twice as many stay as the ups and
/// downs of the load take.
/// </summary>
/// <param name="size">Bytes of a block.</param>
internal sealed class FreeBlocks(int size)
{
    /// <summary>
    /// Looks, one a second, of little use before anything is dropped. Thousands of clients come in waves, of which some are far larger than others
    /// (measured with 5,000: one turn in ten to twenty-five seconds takes 3,500 blocks, none in between half as many). Dropped between
    /// two of them they were made anew for each: 2 bytes per request after ten looks, and 40 after a single one.
    /// </summary>
    public const int QuietTrims = 60;

    private PooledBlock? _head;
    private int _least;
    private int _most;
    private int _quietTrims;

    /// <summary>Bytes of a block.</summary>
    public int Size => size;

    /// <summary>Blocks that nobody uses.</summary>
    public int Count { get; private set; }

    /// <summary>Takes one, as it was returned; null when there is none.</summary>
    public PooledBlock? Take()
    {
        var block = _head;
        if (block is not null)
        {
            _head = (PooledBlock?)block.Next;
            _least = Math.Min(_least, --Count);
        }

        return block;
    }

    /// <summary>Takes one back.</summary>
    public void Put(PooledBlock block)
    {
        block.Next = _head;
        _head = block;
        _most = Math.Max(_most, ++Count);
    }

    /// <summary>Drops half of the blocks that were free all the time, if that were more than half of all for long. About once a second.</summary>
    /// <param name="atOnce">Memory is scarce: it is not waited whether they will be needed again.</param>
    /// <returns>How many.</returns>
    public int Trim(bool atOnce)
    {
        var isQuiet = _least * 2 > _most;
        _quietTrims = isQuiet ? Math.Min(_quietTrims + 1, QuietTrims) : 0;
        var drop = atOnce || _quietTrims == QuietTrims ? (_least + 1) / 2 : 0;
        for (var i = 0; i < drop; i++)
        {
            _head = (PooledBlock?)_head!.Next;
        }

        Count -= drop;
        if (isQuiet && !atOnce)
        {
            // What was free since the quiet began counts, not only since the last look.
            _least -= drop;
            _most -= drop;
        }
        else
        {
            _least = Count;
            _most = Count;
        }

        return drop;
    }
}
