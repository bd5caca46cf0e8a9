namespace Proxy.Resp.Commands;

/// <summary>The arguments of a request from one of them on: those of `COMMAND GETKEYS SET a 1` from `SET` on are a request of their own.</summary>
internal readonly ref struct RequestArguments
{
    private readonly RequestFrame _frame;
    private readonly int _skip;

    public RequestArguments(RequestFrame frame, int skip = 0)
    {
        _frame = frame;
        _skip = skip;
        Count = frame.Count - skip;
    }

    public int Count { get; }

    public ReadOnlySpan<byte> this[int index] => _frame[index + _skip];

    /// <inheritdoc cref="OptionWord.Is(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public bool Is(int index, ReadOnlySpan<byte> word) => OptionWord.Is(this[index], word);
}
