namespace Proxy.Core.Requests;

/// <summary>
/// Objects of one worker that are used again instead of being made anew: in steady state a request allocates nothing.
/// Not synchronised: taken and returned on the worker's loop only.
/// </summary>
/// <typeparam name="T">The kind of object.</typeparam>
internal sealed class FreeList<T>
    where T : class
{
    /// <summary>What a burst needed beyond this is left to the garbage collector.</summary>
    private const int MaxKept = 16 * 1024;

    private readonly Stack<T> _free = [];
    private readonly Func<FreeList<T>, T> _make;

    public FreeList(Func<FreeList<T>, T> make)
    {
        _make = make;
    }

    /// <summary>Takes one, in whatever state it was returned.</summary>
    public T Take() => _free.TryPop(out var item) ? item : _make(this);

    /// <summary>Gives one back; nobody may hold a reference to it any more.</summary>
    public void Return(T item)
    {
        if (_free.Count < MaxKept)
        {
            _free.Push(item);
        }
    }
}
