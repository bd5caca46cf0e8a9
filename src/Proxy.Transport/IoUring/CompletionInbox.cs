using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.IoUring;

/// <summary>
/// The completions of a loop in the order in which they came. One can be taken before its turn, and those that did not fit into the ring's queue
/// are brought behind the others.
/// </summary>
/// <param name="ring">The loop's.</param>
internal sealed class CompletionInbox(IoUringRing ring)
{
    // Completions beyond the queue are brought so many times at once.
    private const int OverflowRounds = 16;

    // Taken from the ring and not yet handled, from _next on; before those in the ring.
    private readonly List<CompletionEntry> _taken = [];
    private int _next;

    /// <summary>Number of completions that are there.</summary>
    public int Count => _taken.Count - _next + (int)ring.Available;

    /// <summary>A completion that is there; 0 is the next.</summary>
    public CompletionEntry this[int index] =>
        index < _taken.Count - _next ? _taken[_next + index] : ring.Peek((uint)(index - (_taken.Count - _next)));

    /// <summary>Brings those that wait outside the full queue.</summary>
    /// <returns>False if there are still more of them.</returns>
    public bool BringOverflow()
    {
        for (var round = 0; ring.Overflowed && round < OverflowRounds; round++)
        {
            Empty();
            ring.Enter(0, TimeSpan.Zero);
        }

        return !ring.Overflowed;
    }

    /// <summary>Takes the next completion, if there is one.</summary>
    public bool TryTake(out CompletionEntry completion)
    {
        if (_taken.Count == 0)
        {
            return ring.TryTake(out completion);
        }

        completion = _taken[_next++];
        ForgetTaken();
        return true;
    }

    /// <summary>Takes the completion of an operation out of its turn, if it is there.</summary>
    public bool TryTake(ulong userData, out CompletionEntry completion)
    {
        BringOverflow();
        for (var index = 0; index < Count; index++)
        {
            completion = this[index];
            if (completion.UserData == userData)
            {
                Empty();
                _taken.RemoveAt(_next + index);
                ForgetTaken();
                return true;
            }
        }

        completion = default;
        return false;
    }

    private void ForgetTaken()
    {
        if (_next == _taken.Count)
        {
            _taken.Clear();
            _next = 0;
        }
    }

    /// <summary>Makes room in the ring.</summary>
    private void Empty()
    {
        while (ring.TryTake(out var completion))
        {
            _taken.Add(completion);
        }
    }
}
