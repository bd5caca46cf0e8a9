using Proxy.Core.Workers;

namespace Proxy.Core.Requests;

/// <summary>
/// Pushes that are not sent before some of their client's requests are answered. Requests have places in the order in which they came: 1
/// is the first one after this was made that left, or has yet to leave, the client's queue.
/// </summary>
internal sealed class HeldPushes
{
    private readonly BlockPool _blocks;
    private readonly List<(long Place, OutBuffer Bytes)> _held = [];

    public HeldPushes(BlockPool blocks)
    {
        _blocks = blocks;
    }

    /// <summary>The place of the youngest request that is answered and out.</summary>
    public long Left { get; private set; }

    /// <summary>Bytes that are kept.</summary>
    public long Length { get; private set; }

    /// <summary>Keeps a push.</summary>
    /// <param name="place">Place of the request whose reply goes before it.</param>
    /// <param name="frame">What to send; copied.</param>
    /// <param name="rest">What follows it.</param>
    public void Add(long place, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> rest)
    {
        if (_held.Count == 0 || _held[^1].Place != place)
        {
            _held.Add((place, new OutBuffer(_blocks)));
        }

        _held[^1].Bytes.Append(frame);
        _held[^1].Bytes.Append(rest);
        Length += frame.Length + rest.Length;
    }

    /// <summary>The oldest request is out: what waited for it follows.</summary>
    /// <returns>How many bytes that is.</returns>
    public long OnLeft(OutBuffer output)
    {
        Left++;
        var bytes = 0L;
        if (_held.Count == 0)
        {
            return bytes;
        }

        foreach (var (place, waiting) in _held)
        {
            if (place <= Left)
            {
                bytes += waiting.Length;
                output.TakeOver(waiting);
            }
        }

        _held.RemoveAll(held => held.Place <= Left);
        Length -= bytes;
        return bytes;
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        foreach (var (_, waiting) in _held)
        {
            waiting.Clear();
        }

        _held.Clear();
        Length = 0;
    }
}
