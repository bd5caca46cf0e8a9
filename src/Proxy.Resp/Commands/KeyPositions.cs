namespace Proxy.Resp.Commands;

/// <summary>Which arguments of a request are keys, and what the command does with each. Owned by the caller and reused: it grows and keeps its array.</summary>
internal sealed class KeyPositions
{
    private Key[] _keys = new Key[8];

    public int Count { get; private set; }

    /// <summary>Index of the argument that is the key number <paramref name="index"/>.</summary>
    public int this[int index] => index < Count ? _keys[index].Position : ThrowOutOfRange();

    /// <summary>What the command does with that key.</summary>
    public KeySpecFlags Flags(int index) => index < Count ? _keys[index].Flags : (KeySpecFlags)ThrowOutOfRange();

    public void Clear() => Count = 0;

    public void Add(int position, KeySpecFlags flags)
    {
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, 2 * Count);
        }

        _keys[Count++] = new Key(position, flags);
    }

    /// <summary>Gives back what a request with very many keys made it grow to.</summary>
    /// <param name="keep">Largest number of places to keep.</param>
    public void Shrink(int keep)
    {
        Clear();
        if (_keys.Length > keep)
        {
            _keys = new Key[keep];
        }
    }

    private static int ThrowOutOfRange() => throw new ArgumentOutOfRangeException("index");

    private readonly record struct Key(int Position, KeySpecFlags Flags);
}
