namespace Proxy.Core.Requests;

/// <summary>
/// Which of the bytes in a client's output are pushes: what the client did not ask for is measured by itself, however long it takes to read a
/// reply.
/// <code>
///   ◀─ sent ─│─ output ─────────────────────────────│
///             reply reply  push push  reply  push       two runs of pushes
/// </code>
/// </summary>
internal sealed class UnsentPushes
{
    // By position in all that was ever in the output since this was made; those that are out are forgotten.
    private readonly Queue<Run> _older = [];
    private Run _youngest;
    private long _sent;

    /// <summary>Bytes of pushes in the output.</summary>
    public long Length { get; private set; }

    /// <summary>A push was appended.</summary>
    /// <param name="before">Length of the output before it.</param>
    /// <param name="length">Its bytes.</param>
    public void Add(long before, long length)
    {
        var start = _sent + before;
        if (start != _youngest.End)
        {
            if (_youngest.End > _sent)
            {
                _older.Enqueue(_youngest);
            }

            _youngest = new Run(start, start);
        }

        _youngest = _youngest with { End = start + length };
        Length += length;
    }

    /// <summary>The first bytes of the output left it.</summary>
    public void OnSent(long bytes)
    {
        var from = _sent;
        _sent += bytes;
        while (_older.TryPeek(out var oldest))
        {
            Length -= oldest.Within(from, _sent);
            if (oldest.End > _sent)
            {
                return;
            }

            _older.Dequeue();
        }

        Length -= _youngest.Within(from, _sent);
    }

    private readonly record struct Run(long Start, long End)
    {
        public long Within(long from, long to) => Math.Max(0, Math.Min(End, to) - Math.Max(Start, from));
    }
}
