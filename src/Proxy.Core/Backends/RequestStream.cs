using Proxy.Core.Metrics;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// The requests of one connection and their bytes.
/// <code>
///   queue:   oldest ▶ [ sent, answer awaited … | not sent yet … ] ◀ youngest
///   bytes:                   handed to the channel │ Output
/// </code>
/// A request whose bytes were handed to the channel counts as sent: it is never sent again, and its place is kept until its reply came.
/// </summary>
internal sealed class RequestStream
{
    private readonly InFlightQueue _queue = new();
    private readonly ServerCounters _counters;
    private long _position;
    private int _firstWaiting;

    // Bytes of the output that belong to no request.
    private long _uncounted;

    public RequestStream(Worker worker, ServerCounters counters)
    {
        _counters = counters;
        Output = new OutBuffer(worker.Blocks);
    }

    /// <summary>Bytes not yet handed to the channel.</summary>
    public OutBuffer Output { get; }

    /// <summary>Requests, sent or not, failed ones that keep their place included.</summary>
    public int Count => _queue.Count;

    /// <summary>How many of them were sent.</summary>
    public int Sent { get; private set; }

    /// <summary>The request that the next reply belongs to. Only while <see cref="Sent"/> is not 0.</summary>
    public InFlight Oldest => _queue[0];

    /// <summary>When the first of those that wait for an answer has no more time; <see cref="long.MaxValue"/> when none waits.</summary>
    public long NextDeadlineMs => _firstWaiting < _queue.Count ? _queue[_firstWaiting].DeadlineMs : long.MaxValue;

    /// <summary>Enters a request whose bytes were just appended to <see cref="Output"/>; its times are set.</summary>
    public void Enter(InFlight request, long length)
    {
        request.Start = _position;
        _position += length;
        request.End = _position;
        _queue.Enqueue(request);
        _counters.RequestQueued(length);
    }

    /// <summary>Words that no reply answers were just appended to <see cref="Output"/>; they are not counted.</summary>
    public void EnterUnanswered(long length)
    {
        _position += length;
        _uncounted += length;
    }

    /// <summary>More bytes of the youngest request were just appended to <see cref="Output"/>.</summary>
    public void Extend(InFlight request, long length)
    {
        _position += length;
        request.End = _position;
        _counters.RequestExtended(length);
    }

    /// <summary>All of <see cref="Output"/> is being handed to the channel.</summary>
    public void MarkSent()
    {
        _counters.RequestsWritten(_queue.Count - Sent, Output.Length - _uncounted);
        _uncounted = 0;
        Sent = _queue.Count;
    }

    /// <summary>Takes the oldest request out: its reply is whole.</summary>
    public InFlight TakeAnswered()
    {
        Sent--;
        _firstWaiting = Math.Max(0, _firstWaiting - 1);
        return _queue.Dequeue();
    }

    /// <summary>The oldest request's reply is on its way through and cannot be taken back: it is given the time that its bytes take.</summary>
    public void SpareOldest() => _firstWaiting = Math.Max(1, _firstWaiting);

    /// <summary>Tells every request that the connection leaves the shared set.</summary>
    public void HoldClients()
    {
        for (var i = 0; i < _queue.Count; i++)
        {
            _queue[i].HoldClient();
        }
    }

    /// <summary>
    /// Fails the requests whose time is up. Deadlines rise along the queue, so it stops at the first that still has time.
    /// </summary>
    /// <returns>True when there were any.</returns>
    public bool FailOverdue(long nowMs, BackendFailure failure)
    {
        var any = false;
        while (_firstWaiting < Sent && _queue[_firstWaiting].DeadlineMs <= nowMs)
        {
            any = true;
            Fail(_queue[_firstWaiting++], failure);
        }

        return _firstWaiting == Sent && DropOverdue(nowMs, failure) || any;
    }

    /// <summary>
    /// Fails what was sent and is overdue behind the oldest request, whose reply goes to a client at that client's own pace.
    /// </summary>
    /// <param name="queuedBeforeMs">What was queued earlier is overdue.</param>
    /// <param name="failure">What they are told.</param>
    public void FailBehindOldest(long queuedBeforeMs, BackendFailure failure)
    {
        SpareOldest();
        while (_firstWaiting < Sent && _queue[_firstWaiting].QueuedMs < queuedBeforeMs)
        {
            Fail(_queue[_firstWaiting++], failure);
        }
    }

    /// <summary>Fails the oldest request, whose replies are still to come.</summary>
    public void FailOldest(BackendFailure failure) => Fail(_queue[0], failure);

    /// <summary>The channel is gone: what was sent may have run, is answered with an error and never sent again.</summary>
    public void FailSent(BackendFailure failure)
    {
        _firstWaiting = 0;
        while (Sent > 0)
        {
            Sent--;
            var request = _queue.Dequeue();
            DropRest(request.End);
            _counters.RequestLost(request.End - request.Start);
            Fail(request, failure);
            request.Recycle();
        }
    }

    /// <summary>Nothing will be sent: everything is answered with an error.</summary>
    public void FailAll(BackendFailure failure)
    {
        FailSent(failure);
        DropUnsent();
        Output.Clear();
        while (_queue.Count > 0)
        {
            var request = _queue.Dequeue();
            _counters.RequestDropped(request.End - request.Start);
            Fail(request, failure);
            request.Recycle();
        }
    }

    /// <summary>Without a request in the queue, what is not sent belongs to one that is over already: it is dropped.</summary>
    public void DropUnsent()
    {
        if (_queue.Count == 0)
        {
            DropRest(_position);
        }
    }

    /// <summary>A request that went out in part will not go out whole: without its beginning the rest of it is nonsense.</summary>
    /// <param name="end">Where it ends in the stream.</param>
    private void DropRest(long end)
    {
        var rest = end - (_position - Output.Length);
        if (rest > 0)
        {
            Output.DropFirst(rest);
            _counters.RequestsWritten(0, Math.Max(0, rest - _uncounted));
            _uncounted = 0;
        }
    }

    /// <summary>Requests that were not sent and never will be: their bytes are the first of those that wait.</summary>
    private bool DropOverdue(long nowMs, BackendFailure failure)
    {
        var count = 0;
        var bytes = 0L;
        while (Sent + count < _queue.Count && _queue[Sent + count] is var request && request.DeadlineMs <= nowMs)
        {
            count++;
            bytes += request.End - request.Start;
        }

        if (count == 0)
        {
            return false;
        }

        // All at once: one by one each would move everything behind it, which with a full queue takes seconds. And before the first
        // is failed, because a client that goes on then sends more.
        var overdue = new InFlight[count];
        for (var i = 0; i < count; i++)
        {
            overdue[i] = _queue[Sent + i];
        }

        _queue.RemoveRange(Sent, count);
        Output.DropFirst(bytes);
        foreach (var request in overdue)
        {
            _counters.RequestDropped(request.End - request.Start);
            Fail(request, failure);
            request.Recycle();
        }

        return true;
    }

    private void Fail(InFlight request, BackendFailure failure)
    {
        if (request.Abandoned)
        {
            return;
        }

        request.Abandoned = true;
        if (failure.Kind == FailureKind.TimedOut)
        {
            _counters.TimedOut();
        }

        request.OnFailure(failure);
    }
}
