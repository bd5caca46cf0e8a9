using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Resp;

namespace Proxy.Core.Requests.Blocking;

/// <summary>
/// A WAIT or WAITAOF at one or several servers. Their least answer is the reply; the first error is, at once. Nothing is lost if the wait ends
/// before the servers answer, so it always ends here. Used on the worker's loop only.
/// </summary>
internal sealed class WaitRequest : IBlockedCommand
{
    private readonly ClientSession _client;
    private readonly List<WaitPart> _parts = [];
    private readonly int _numbers;
    private PendingRequest? _pending;
    private int _outstanding;

    /// <param name="client">Whose it is.</param>
    /// <param name="numbers">How many numbers the reply has: 1 of WAIT, 2 of WAITAOF.</param>
    public WaitRequest(ClientSession client, int numbers)
    {
        _client = client;
        _numbers = numbers;
    }

    /// <summary>True once it has its reply.</summary>
    public bool IsOver => _pending is null;

    /// <summary>The client is blocked from now on.</summary>
    /// <param name="pending">Its place in the client's order of replies.</param>
    public void Begin(PendingRequest pending)
    {
        _pending = pending;
        _client.Hold();
        _client.Blocked = this;
    }

    /// <summary>Asks over the connection that carried the client's writes; it leaves the shared set.</summary>
    /// <param name="pool">The connection's.</param>
    /// <param name="connection">The client's; ready.</param>
    /// <param name="bytes">The request; valid during the call only.</param>
    /// <param name="timeoutMs">Milliseconds that the server may take; 0: as long as it takes.</param>
    public void SendCarried(PoolConnections pool, BackendConnection connection, ReadOnlySpan<byte> bytes, long timeoutMs)
    {
        var failure = connection.Accept();
        if (failure is null && !pool.TryAcquireLease())
        {
            failure = new BackendFailure(FailureKind.LeaseLimit, connection.Server);
        }

        if (failure is not null)
        {
            Fail(failure);
            return;
        }

        Add().SendCarried(pool, connection, bytes, timeoutMs);
    }

    /// <summary>Asks over a lease.</summary>
    /// <param name="lane">The client's connections.</param>
    /// <param name="shard">Where to.</param>
    /// <param name="bytes">The request; valid during the call only.</param>
    /// <param name="timeoutMs">Milliseconds that the server may take; 0: as long as it takes.</param>
    /// <param name="isNudged">Whether the client wrote there over other connections.</param>
    public void SendLeased(LaneConnections lane, int shard, ReadOnlySpan<byte> bytes, long timeoutMs, bool isNudged)
    {
        if (Add().SendLeased(lane.Leases(shard), bytes, timeoutMs, isNudged) is { } failure)
        {
            Fail(failure);
        }
    }

    /// <summary>A server answered, or will not.</summary>
    public void PartDone(WaitPart part)
    {
        if (IsOver)
        {
            return;
        }

        _outstanding--;
        if (part.Refusal is { } refusal)
        {
            Refuse(refusal, part.ServerName);
        }
        else if (part.Failure is { } failure)
        {
            Fail(failure);
        }
        else if (part.IsError)
        {
            Answer(part.Reply);
        }
        else if (part.Numbers(_numbers).IsEmpty)
        {
            Answer(Replies.UnexpectedFragmentReply);
        }
        else if (_outstanding == 0)
        {
            AnswerLeast();
        }
    }

    /// <inheritdoc/>
    public void LetGo()
    {
        if (!IsOver)
        {
            End().Finish();
            _client.Release();
        }
    }

    /// <summary>What did not answer yet counts as nothing.</summary>
    /// <inheritdoc/>
    public void Unblock(bool withError, Action<bool> done)
    {
        var isEnded = !IsOver;
        if (isEnded && withError)
        {
            Answer(Replies.Unblocked);
        }
        else if (isEnded)
        {
            AnswerLeast();
        }

        done(isEnded);
    }

    /// <inheritdoc/>
    public void EndWait() => Unblock(withError: false, static _ => { });

    private WaitPart Add()
    {
        var part = new WaitPart(this);
        _parts.Add(part);
        _outstanding++;
        return part;
    }

    private void AnswerLeast()
    {
        Span<long> least = stackalloc long[_numbers];
        least.Fill(long.MaxValue);
        foreach (var part in _parts)
        {
            var numbers = part.Numbers(_numbers);
            for (var i = 0; i < _numbers; i++)
            {
                least[i] = Math.Min(least[i], numbers.IsEmpty ? 0 : numbers[i]);
            }
        }

        var pending = End();
        if (_numbers > 1)
        {
            RespWriter.ArrayHeader(pending.Writer, _numbers);
        }

        foreach (var number in least)
        {
            RespWriter.Integer(pending.Writer, number);
        }

        pending.FinishWritten();
        _client.Release();
    }

    private void Refuse(ReadOnlySpan<byte> refusal, string server)
    {
        if (!refusal.StartsWith("-ERR "u8) && !refusal.StartsWith("-NOPERM "u8) && !refusal.StartsWith("-MOVED "u8))
        {
            // It says that of every request at the moment (LOADING, BUSY …), and clients know what to do then.
            Answer(refusal);
            return;
        }

        _client.Counters.RequestFailed(RequestErrorReason.NotSupported);
        var pending = End();
        Replies.WaitRefused(pending.Writer, refusal, _client.Model.Name, server);
        pending.FinishWritten();
        _client.Release();
    }

    private void Answer(ReadOnlySpan<byte> reply)
    {
        var pending = End();
        pending.Append(reply);
        pending.Finish();
        _client.Release();
    }

    private void Fail(BackendFailure failure)
    {
        End().Fail(failure);
        _client.Release();
    }

    /// <summary>Nothing is waited for any more. The caller answers, and then releases the client.</summary>
    private PendingRequest End()
    {
        var pending = _pending!;
        _pending = null;
        _client.Blocked = null;
        foreach (var part in _parts)
        {
            part.LetGo();
        }

        return pending;
    }
}
