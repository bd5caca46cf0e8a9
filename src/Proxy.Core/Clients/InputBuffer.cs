using System.Buffers;
using Proxy.Core.Workers;

namespace Proxy.Core.Clients;

/// <summary>
/// What a client sent and could not be handled yet: the beginning of a request, or requests that must wait. Contiguous, because a
/// request is handled as one span. Empty, it holds no memory.
/// </summary>
internal sealed class InputBuffer
{
    private readonly MemoryBudget _budget;
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public InputBuffer(MemoryBudget budget)
    {
        _budget = budget;
    }

    /// <summary>True when nothing waits.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Bytes that can be added before it grows.</summary>
    public int Room => _bytes.Length - (_end - _start);

    /// <summary>What waits. Valid until the next <see cref="Append"/> or <see cref="Drop"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Adds bytes behind the others.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="wanted">How large the whole request says it is. Memory grows with what has come, at most doubling, whatever is said.</param>
    public void Append(ReadOnlySpan<byte> bytes, int wanted)
    {
        var length = _end - _start;
        var needed = length + bytes.Length;
        if (_bytes.Length - _end < bytes.Length)
        {
            if (_bytes.Length >= needed && _start >= _bytes.Length / 2)
            {
                Bytes.CopyTo(_bytes);
            }
            else
            {
                var grown = Math.Max(needed, (int)Math.Min(wanted, 2L * needed));
                var larger = ArrayPool<byte>.Shared.Rent(grown);
                Bytes.CopyTo(larger);
                GiveBack();
                _bytes = larger;
                _budget.Add(larger.Length);
            }

            _start = 0;
            _end = length;
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Puts bytes before the others.</summary>
    public void Prepend(ReadOnlySpan<byte> bytes)
    {
        var whole = ArrayPool<byte>.Shared.Rent(bytes.Length + _end - _start);
        bytes.CopyTo(whole);
        Bytes.CopyTo(whole.AsSpan(bytes.Length));
        _end = bytes.Length + _end - _start;
        _start = 0;
        GiveBack();
        _bytes = whole;
        _budget.Add(whole.Length);
    }

    /// <summary>Drops the first <paramref name="count"/> bytes.</summary>
    public void Drop(int count)
    {
        _start += count;
        if (_start == _end)
        {
            Clear();
        }
    }

    /// <summary>Drops all but the first <paramref name="count"/> bytes.</summary>
    public void Truncate(int count) => _end = _start + count;

    /// <summary>Drops everything and holds no memory.</summary>
    public void Clear()
    {
        GiveBack();
        _bytes = [];
        _start = 0;
        _end = 0;
    }

    private void GiveBack()
    {
        if (_bytes.Length > 0)
        {
            _budget.Add(-_bytes.Length);
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
