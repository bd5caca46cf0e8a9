using DotNetty.Transport.Channels;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends.Leases;

/// <summary>
/// Finds out whether a server is still there on which leases wait for what others do. One that vanished without a word is silent, as one is
/// that has nothing to tell; who waits without a timeout would wait for ever. So after a silence a further connection is opened, in whose
/// handshake the server has to answer, again and again until it does or its time is over. Used on the worker's loop only.
/// </summary>
internal sealed class LeaseProbe
{
    /// <summary>Milliseconds of silence after which the server is asked: one short connection now and then is all that it costs.</summary>
    public const int SilenceMs = 15_000;

    private readonly ServerConnections _owner;
    private readonly Worker _worker;
    private ChannelOpener? _opener;
    private BackendFailure? _failure;
    private long _heardMs;
    private long _askedSinceMs;

    /// <param name="owner">The server, in one lane.</param>
    /// <param name="worker">Whose loop it is.</param>
    public LeaseProbe(ServerConnections owner, Worker worker)
    {
        _owner = owner;
        _worker = worker;
        _heardMs = worker.NowMs;
    }

    /// <summary>Milliseconds that a server may owe an answer.</summary>
    private long Patience => (long)_owner.Model.TimeoutMs + _owner.Model.ServerHardTimeoutMs;

    /// <summary>The server said something.</summary>
    public void Heard()
    {
        _heardMs = _worker.NowMs;
        _askedSinceMs = 0;
    }

    /// <summary>Called every second.</summary>
    /// <param name="nowMs">In <see cref="Environment.TickCount64"/>.</param>
    /// <param name="isWaitedFor">Whether anybody waits for the server.</param>
    /// <returns>Null, or why those that wait for it are to be told that it is gone.</returns>
    public BackendFailure? Sweep(long nowMs, bool isWaitedFor)
    {
        if (!isWaitedFor || nowMs - Math.Max(_heardMs, _owner.HeardMs) < SilenceMs)
        {
            _heardMs = isWaitedFor ? _heardMs : nowMs;
            Stop();
            return null;
        }

        if (_askedSinceMs == 0)
        {
            _askedSinceMs = nowMs;
            _failure = null;
        }

        if (_failure is { } failure && nowMs - _askedSinceMs > Patience)
        {
            Stop();
            _heardMs = nowMs;
            return failure;
        }

        if (_opener is null)
        {
            _opener = new ChannelOpener(_owner, _worker, OnAnswered, OnFailed, asksClientId: true);
            _opener.Open();
        }

        return null;
    }

    private void Stop()
    {
        _askedSinceMs = 0;
        _opener?.GiveUp();
        _opener = null;
    }

    private void OnAnswered(IChannel channel, BackendHandler handler)
    {
        _opener = null;
        _worker.Counters.ConnectionClosed();
        channel.CloseAsync();
        Heard();
    }

    private void OnFailed(BackendFailure failure)
    {
        _opener = null;
        if (failure.Kind is FailureKind.TimedOut or FailureKind.Refused or FailureKind.Unreachable)
        {
            _failure = failure;
        }
        else
        {
            // It refused us in some way, so it is there.
            Heard();
        }
    }
}
