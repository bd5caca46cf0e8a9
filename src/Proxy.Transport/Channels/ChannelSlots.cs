namespace Proxy.Transport.Channels;

/// <summary>
/// Gives channels the numbers by which the system names them: the place in a table and how often that place was used before. A number of a
/// channel that is closed finds nothing, whatever became of its descriptor, which the system uses again at once.
/// </summary>
/// <typeparam name="T">The channel's type.</typeparam>
internal sealed class ChannelSlots<T>
    where T : class
{
    private readonly Stack<int> _free = [];
    private T?[] _channels = new T?[16];
    private uint[] _generations = new uint[16];
    private int _used;

    /// <summary>Enters a channel and returns its number.</summary>
    public ulong Add(T channel)
    {
        if (!_free.TryPop(out var index))
        {
            index = _used++;
            if (index == _channels.Length)
            {
                Array.Resize(ref _channels, index * 2);
                Array.Resize(ref _generations, index * 2);
            }
        }

        _channels[index] = channel;
        return ((ulong)_generations[index] << 32) | (uint)index;
    }

    /// <summary>The channel of that number; null once it was removed, and for a number that was never given (a wake-up's).</summary>
    public T? Find(ulong number)
    {
        var index = (uint)number;
        return index < (uint)_channels.Length && _generations[index] == (uint)(number >> 32) ? _channels[index] : null;
    }

    /// <summary>Takes a channel out; its number finds nothing from here on.</summary>
    public void Remove(ulong number)
    {
        if (Find(number) is not null)
        {
            var index = (int)(uint)number;
            _channels[index] = null;
            _generations[index]++;
            _free.Push(index);
        }
    }
}
