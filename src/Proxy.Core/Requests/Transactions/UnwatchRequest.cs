using Proxy.Core.Backends;

namespace Proxy.Core.Requests.Transactions;

/// <summary>UNWATCH for a client that does not wait for it: the connection is given back with its reply.</summary>
internal sealed class UnwatchRequest : InFlight
{
    private readonly WatchState _watch;
    private bool _isRefused;

    public UnwatchRequest(WatchState watch)
    {
        _watch = watch;
    }

    /// <summary>What is sent.</summary>
    public static ReadOnlySpan<byte> Bytes => "*1\r\n$7\r\nUNWATCH\r\n"u8;

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last) => _isRefused = kind == (byte)'-';

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure) => _isRefused = true;

    /// <inheritdoc/>
    public override void Recycle()
    {
        if (_isRefused)
        {
            // The server may still watch there.
            _watch.Close();
        }
        else
        {
            _watch.GiveBack();
        }
    }
}
