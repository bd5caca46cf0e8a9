using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Clients;

/// <summary>
/// A large payload that is still on its way, kept apart from the rest of its request, as references to what was received where that is
/// possible:
/// <code>
///   $1048576\r\n xxxx…xxxx \r\n         the request without it: *3 SET key $1048576\r\n\r\n        here: xxxx…xxxx
/// </code>
/// </summary>
internal sealed class DetachedPayload
{
    private readonly BlockPool _blocks;

    public DetachedPayload(BlockPool blocks)
    {
        _blocks = blocks;
        Bytes = new OutBuffer(blocks);
    }

    /// <summary>What has come of it. Whoever forwards the request takes it.</summary>
    public OutBuffer Bytes { get; }

    /// <summary>Bytes that are still to come.</summary>
    public int Missing { get; private set; }

    /// <summary>Begins with what has come.</summary>
    /// <param name="begun">The first bytes; valid during the call only.</param>
    /// <param name="length">How many there will be.</param>
    public void Begin(ReadOnlySpan<byte> begun, int length)
    {
        Missing = length - begun.Length;
        Bytes.Append(begun);
    }

    /// <summary>Takes more of it.</summary>
    /// <returns>What follows it.</returns>
    public ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, Missing);
        Bytes.Append(bytes[..count]);
        Missing -= count;
        return bytes[count..];
    }

    /// <summary>Somebody has to look at it, or to cut the request: makes request and payload one piece, and forgets the payload.</summary>
    /// <returns>The caller's, to be released.</returns>
    public Block Join(in RequestFrame frame)
    {
        var payload = (int)Bytes.Length;
        var block = _blocks.RentContiguous(frame.Bytes.Length + payload);
        block.End = frame.Bytes.Length + payload;
        var whole = block.Bytes.AsSpan();
        frame.Bytes[..frame.DetachedAt].CopyTo(whole);
        Bytes.CopyFirst(whole.Slice(frame.DetachedAt, payload));
        frame.Bytes[frame.DetachedAt..].CopyTo(whole[(frame.DetachedAt + payload)..]);
        Bytes.Clear();
        return block;
    }

    /// <summary>Forgets it.</summary>
    public void Clear()
    {
        Bytes.Clear();
        Missing = 0;
    }
}
