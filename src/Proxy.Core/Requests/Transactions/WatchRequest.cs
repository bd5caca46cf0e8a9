using Proxy.Core.Backends;

namespace Proxy.Core.Requests.Transactions;

/// <summary>WATCH at a server: the client takes no other request until it is answered.</summary>
internal sealed class WatchRequest : InFlight
{
    private readonly ClientSession _client;
    private readonly WatchState _watch;
    private readonly bool _isFirst;
    private PendingRequest? _pending;
    private bool _isRefused;

    /// <param name="client">Whose it is; held until the reply is there.</param>
    /// <param name="pending">Its place.</param>
    /// <param name="watch">The connection.</param>
    /// <param name="isFirst">Nothing is watched on it yet.</param>
    /// <param name="replies">How many replies come.</param>
    public WatchRequest(ClientSession client, PendingRequest pending, WatchState watch, bool isFirst, int replies)
    {
        _client = client;
        _pending = pending;
        _watch = watch;
        _isFirst = isFirst;
        RepliesAwaited = replies;
        client.Hold();
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        var pending = _pending!;
        _isRefused = kind == (byte)'-';
        pending.Append(bytes);
        if (last)
        {
            _pending = null;
            pending.Finish();
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        _isRefused = true;
        var pending = _pending!;
        _pending = null;
        pending.Fail(failure);
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        if (_isRefused && _isFirst)
        {
            // Nothing is watched: the client is as it was before.
            if (ReferenceEquals(_client.Watch, _watch))
            {
                _client.Watch = null;
            }

            _watch.GiveBack();
        }

        _watch.CloseIfRetired();

        _client.Release();
    }
}
