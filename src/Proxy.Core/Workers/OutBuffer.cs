using System.Buffers;

namespace Proxy.Core.Workers;

/// <summary>
/// Bytes on their way out: a chain of blocks that is appended to during the loop's turn and handed to the channel at its end.
/// Empty, it holds no block. Used on the worker's loop only.
/// </summary>
/// <remarks>Small appends are copied together; large parts of what is being read are referred to (<see cref="InputReferences"/>).</remarks>
internal sealed class OutBuffer : IBufferWriter<byte>
{
    private readonly BlockPool _pool;
    private Block? _head;
    private Block? _tail;

    public OutBuffer(BlockPool pool)
    {
        _pool = pool;
    }

    /// <summary>Bytes held.</summary>
    public long Length { get; private set; }

    /// <summary>True when it holds nothing.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Appends <paramref name="bytes"/>, which the caller may change or release afterwards.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        // Fast path: it is small and fits behind what is there.
        if (_tail is { } tail && bytes.Length <= Math.Min(tail.Free, InputReferences.MinLength - 1))
        {
            bytes.CopyTo(tail.Bytes.AsSpan(tail.End));
            tail.End += bytes.Length;
            Length += bytes.Length;
            return;
        }

        if (bytes.Length < InputReferences.MinLength || !AppendReference(bytes))
        {
            AppendChunked(bytes);
        }
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        var wanted = Math.Max(sizeHint, 1);
        if (_tail is null || _tail.Free < wanted)
        {
            Link(_pool.RentContiguous(wanted));
        }

        return _tail!.Bytes.AsSpan(_tail.End);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _tail!.Bytes.AsMemory(_tail.End);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        _tail!.End += count;
        Length += count;
    }

    /// <summary>Moves all of <paramref name="other"/> behind what is here, block by block without a copy.</summary>
    public void TakeOver(OutBuffer other)
    {
        if (other._head is null)
        {
            return;
        }

        if (_tail is not null && other.Length <= Math.Min(_tail.Free, InputReferences.MinLength - 1))
        {
            // A short tail copied keeps the chain short: many early small replies would else be one block each.
            for (var block = other._head; block is not null; block = block.Next)
            {
                Append(block.Span);
            }

            other.Clear();
            return;
        }

        if (_tail is null)
        {
            _head = other._head;
        }
        else
        {
            _tail.Next = other._head;
        }

        _tail = other._tail;
        Length += other.Length;
        other._head = null;
        other._tail = null;
        other.Length = 0;
    }

    /// <summary>The bytes of the first block, or of none.</summary>
    public ReadOnlySpan<byte> FirstSpan => _head is { } block ? block.Span : default;

    /// <summary>Copies the first bytes, as many as there are and fit.</summary>
    /// <returns>The part of <paramref name="into"/> that was filled.</returns>
    public Span<byte> CopyFirst(Span<byte> into)
    {
        var copied = 0;
        for (var block = _head; block is not null && copied < into.Length; block = block.Next)
        {
            var count = Math.Min(block.Length, into.Length - copied);
            block.Span[..count].CopyTo(into[copied..]);
            copied += count;
        }

        return into[..copied];
    }

    /// <summary>Moves the first <paramref name="count"/> bytes of the first block to the end of <paramref name="target"/>, many of them without a copy.</summary>
    public void MoveFirst(int count, OutBuffer target)
    {
        var block = _head!;
        using (_pool.References.Read(block))
        {
            target.Append(block.Span[..count]);
        }

        DropFirst(count);
    }

    /// <summary>Takes the first block out of the chain; it is then the caller's, with its one count. Null when empty.</summary>
    public Block? TakeFirst()
    {
        while (_head is { } block)
        {
            _head = block.Next;
            if (_head is null)
            {
                _tail = null;
            }

            block.Next = null;
            Length -= block.Length;
            if (block.Length > 0)
            {
                return block;
            }

            block.Release();
        }

        return null;
    }

    /// <summary>Drops the first <paramref name="count"/> bytes, which must not be more than there are.</summary>
    public void DropFirst(long count)
    {
        while (count > 0 && _head is { } block)
        {
            if (block.Length > count)
            {
                block.Start += (int)count;
                Length -= count;
                return;
            }

            count -= block.Length;
            TakeFirst()?.Release();
        }
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        while (TakeFirst() is { } block)
        {
            block.Release();
        }
    }

    private bool AppendReference(ReadOnlySpan<byte> bytes)
    {
        if (!_pool.References.TryRefer(bytes, _tail, out var block))
        {
            return false;
        }

        if (block is not null)
        {
            Link(block);
        }

        Length += bytes.Length;
        return true;
    }

    private void AppendChunked(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_tail is null || _tail.Free == 0)
            {
                // A chain already begun continues in larger steps; a first small reply takes a small block.
                Link(_pool.Rent(_tail is null ? bytes.Length : Math.Max(bytes.Length, 8 * 1024)));
            }

            var count = Math.Min(bytes.Length, _tail!.Free);
            bytes[..count].CopyTo(_tail.Bytes.AsSpan(_tail.End));
            _tail.End += count;
            Length += count;
            bytes = bytes[count..];
        }
    }

    private void Link(Block block)
    {
        if (_tail is null)
        {
            _head = block;
        }
        else
        {
            _tail.Next = block;
        }

        _tail = block;
    }
}
