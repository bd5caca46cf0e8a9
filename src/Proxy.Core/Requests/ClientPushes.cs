using Proxy.Core.Workers;

namespace Proxy.Core.Requests;

/// <summary>
/// What one client is sent without having asked for it at that moment: among the bytes of its output, or kept back until a request is
/// answered. What is not needed is not there: most clients are sent nothing of the kind.
/// </summary>
/// <param name="blocks">The worker's.</param>
internal sealed class ClientPushes(BlockPool blocks)
{
    // Made when a push has to wait for the first time, or may have to.
    private HeldPushes? _held;

    // Made with the first push that does not wait.
    private UnsentPushes? _unsent;

    /// <summary>Bytes that are not handed to the channel.</summary>
    public long Length => (_unsent?.Length ?? 0) + (_held?.Length ?? 0);

    /// <summary>Place of the youngest request that is answered and out; 0 before places are counted.</summary>
    public long Left => _held?.Left ?? 0;

    /// <summary>The places of requests are counted from now on, if they were not.</summary>
    public void CountPlaces() => _held ??= new HeldPushes(blocks);

    /// <summary>Keeps one until a request is answered.</summary>
    /// <param name="place">The request's.</param>
    /// <param name="frame">Copied.</param>
    /// <param name="rest">What follows it; copied.</param>
    public void Hold(long place, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> rest)
    {
        CountPlaces();
        _held!.Add(place, frame, rest);
    }

    /// <summary>Appends one to the client's output.</summary>
    public void Send(OutBuffer output, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> rest)
    {
        (_unsent ??= new UnsentPushes()).Add(output.Length, frame.Length + rest.Length);
        output.Append(frame);
        output.Append(rest);
    }

    /// <summary>A reply is out: what waited for its end follows it.</summary>
    /// <returns>How many bytes that is.</returns>
    public long Release(OutBuffer output)
    {
        if (_held is not { } held)
        {
            return 0;
        }

        var before = output.Length;
        var released = held.OnLeft(output);
        if (released > 0)
        {
            (_unsent ??= new UnsentPushes()).Add(before, released);
        }

        return released;
    }

    /// <summary>The first bytes of the output were handed to the channel.</summary>
    public void OnSent(long bytes) => _unsent?.OnSent(bytes);

    /// <summary>The client is gone.</summary>
    public void Clear() => _held?.Clear();
}
