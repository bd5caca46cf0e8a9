using Proxy.Core.Backends;
using Proxy.Resp;

namespace Proxy.Core.Requests;

/// <summary>
/// A client's request that is put to several servers over connections of its own. It is done when all have answered: well, if none refused
/// and one did it. Those that cannot be reached are asked again later.
/// </summary>
internal sealed class AskedServers
{
    private readonly ClientSession _client;
    private readonly PendingRequest _pending;
    private readonly Action _refused;
    private int _awaited = 1;
    private int _succeeded;
    private byte[]? _error;
    private BackendFailure? _failure;

    /// <param name="client">Who asks; held until it is over.</param>
    /// <param name="pending">The request's place.</param>
    /// <param name="refused">Is called if it is refused, before the client is told.</param>
    public AskedServers(ClientSession client, PendingRequest pending, Action refused)
    {
        _client = client;
        _pending = pending;
        _refused = refused;
        client.Hold();
    }

    /// <summary>True once the client has its answer.</summary>
    public bool IsOver { get; private set; }

    /// <summary>One more server is asked.</summary>
    public void Add() => _awaited++;

    /// <summary>A server did it, or said why not in its own words, or cannot be asked.</summary>
    public void OnAnswer(byte[]? error, BackendFailure? failure)
    {
        _error ??= error;
        _failure ??= failure;
        _succeeded += error is null && failure is null ? 1 : 0;
        OnAnswered();
    }

    /// <summary>No further server is asked.</summary>
    public void AllAdded() => OnAnswered();

    /// <summary>The client is gone.</summary>
    public void Cancel()
    {
        if (!IsOver)
        {
            Finish();
        }
    }

    private void OnAnswered()
    {
        if (--_awaited == 0 && !IsOver)
        {
            Finish();
        }
    }

    private void Finish()
    {
        IsOver = true;
        if (_pending.Client is null)
        {
            _pending.Finish();
        }
        else if (_error is null && _succeeded > 0)
        {
            Answer(Replies.Ok);
        }
        else
        {
            _refused();
            if (_error is null)
            {
                _pending.Fail(_failure ?? new BackendFailure(FailureKind.AllEjected, _client.Pool.Snapshot.Shards[0].Primary));
            }
            else
            {
                Answer(_error);
            }
        }

        _client.Release();
    }

    private void Answer(ReadOnlySpan<byte> reply)
    {
        _pending.Writer.Append(reply);
        _pending.FinishWritten();
    }
}
