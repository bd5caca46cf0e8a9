namespace Proxy.Resp;

/// <summary>The aggregates that the current element of a reply is inside of, as a stack: 16 bytes a level that is there.</summary>
internal struct ReplyNesting
{
    private const int UsualLevels = 4;

    /// <summary>More levels than this are given back at the end of their reply.</summary>
    private const int KeptLevels = 32;

    private ReplyLevel[] _levels = new ReplyLevel[UsualLevels];

    /// <summary>A reply that is outside of all aggregates.</summary>
    public ReplyNesting()
    {
    }

    /// <summary>How deep it is.</summary>
    public int Depth { get; private set; }

    /// <summary>Elements that are still to begin, in all levels.</summary>
    public readonly long Expected
    {
        get
        {
            var elements = 0L;
            foreach (var level in _levels.AsSpan(0, Depth))
            {
                elements += level.Remaining - 1;
            }

            return elements;
        }
    }

    /// <summary>An aggregate has begun.</summary>
    public void Enter(ReplyLevel level)
    {
        if (Depth == _levels.Length)
        {
            Array.Resize(ref _levels, Depth * 2);
        }

        _levels[Depth++] = level;
    }

    /// <summary>Counts an element of the innermost aggregate that is complete, and all aggregates that it completes.</summary>
    /// <returns>Whether the reply ended.</returns>
    public bool EndElement()
    {
        while (Depth > 0)
        {
            ref var level = ref _levels[Depth - 1];
            level = level with { Remaining = level.Remaining - 1 };
            if (level.Remaining > 0)
            {
                return false;
            }

            Depth--;
            if (level.IsAttribute)
            {
                // The element that it belongs to follows.
                return false;
            }
        }

        Clear();
        return true;
    }

    /// <summary>Leaves all aggregates.</summary>
    public void Clear()
    {
        Depth = 0;
        if (_levels.Length > KeptLevels)
        {
            _levels = new ReplyLevel[UsualLevels];
        }
    }
}
