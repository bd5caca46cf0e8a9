using Proxy.Core.Backends;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests;

/// <summary>
/// A request's place in its client's order of replies, from the request to the last byte of its reply. Objects come from the
/// worker's free list and go back when both sides are done with them: the queue, and whoever produces the reply.
/// </summary>
internal sealed class PendingRequest
{
    private readonly FreeList<PendingRequest> _home;
    private readonly OutBuffer _early;
    private long _startTicks;
    private bool _isMuted;
    private long _replyBytes;
    private bool _left;

    public PendingRequest(FreeList<PendingRequest> home, BlockPool blocks)
    {
        _home = home;
        _early = new OutBuffer(blocks);
    }

    /// <summary>Whose request it is; null once the client is gone.</summary>
    public ClientSession? Client { get; private set; }

    /// <summary>The next younger request.</summary>
    public PendingRequest? Next { get; set; }

    /// <summary>Its reply is whole.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Where its reply is written while it is not the head; the client's own out-buffer when it is.</summary>
    public OutBuffer Writer => IsHead && !_isMuted ? Client!.Output : _early;

    /// <summary>True while more of the reply may come: half the output limit is kept free for what cannot be held back.</summary>
    public bool HasRoom
    {
        get
        {
            if (Client is not { } client || _isMuted)
            {
                return true;
            }

            // Below the head everything counts. The head is measured by itself: what waits behind it can only leave after it.
            var waiting = IsHead ? client.Output.Length : client.Output.Length + client.EarlyBytes;
            return waiting <= client.Model.ClientOutputLimit / 2;
        }
    }

    /// <summary>True while its reply has begun to leave and is not whole: nothing else may get between.</summary>
    public bool IsPartlyOut => IsHead && !IsDone && _replyBytes > 0;

    private bool IsHead => Client is { } client && ReferenceEquals(client.Replies.Head, this);

    /// <summary>Enters the client's queue.</summary>
    public void Enter(ClientSession client)
    {
        Client = client;
        Next = null;
        IsDone = false;
        _left = false;
        _replyBytes = 0;
        _isMuted = (client.Gate & SessionGate.Muted) != 0;
        _startTicks = client.Worker.Now;
        client.Replies.Add(this);
    }

    /// <summary>Its reply is not sent, although it keeps its place until it is there.</summary>
    public void Mute() => _isMuted = true;

    /// <summary>Appends a part of the reply.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Client is not { } client || _isMuted)
        {
            return;
        }

        _replyBytes += bytes.Length;
        if (IsHead)
        {
            client.Output.Append(bytes);
            client.MarkDirty();
        }
        else
        {
            _early.Append(bytes);
            client.EarlyBytes += bytes.Length;
        }

        client.CheckOutput();
    }

    /// <summary>The reply is whole. The producer must not touch this object afterwards.</summary>
    public void Finish()
    {
        IsDone = true;
        if (Client is not { } client)
        {
            Return();
            return;
        }

        client.Counters.RequestDone(_startTicks, client.Worker.Now);
        if (!_isMuted)
        {
            client.ObserveReply(_replyBytes);
        }

        if (IsHead)
        {
            client.Replies.Advance();
        }
    }

    /// <summary>The reply was written to <see cref="Writer"/> and is whole.</summary>
    public void FinishWritten()
    {
        NoteWritten();
        Finish();
    }

    /// <summary>
    /// There will be no (further) reply from the server. An error takes its place, unless a part is out already: then nothing
    /// can make it whole, and the client is closed. The producer must not touch this object afterwards.
    /// </summary>
    public void Fail(BackendFailure failure)
    {
        if (Client is { } client)
        {
            client.Counters.RequestFailed(FailureReplies.Reason(failure.Kind));
            if (IsPartlyOut)
            {
                client.Counters.RequestAbandoned();
                IsDone = true;
                client.Abort(Metrics.ClientCloseReason.ReplyLost);
                return;
            }

            DropEarly(client);
            FailureReplies.Write(Writer, failure);
            NoteWritten();
        }

        Finish();
    }

    /// <summary>Something was written to <see cref="Writer"/> directly.</summary>
    /// <param name="joined">
    /// Bytes of a reply that was joined from parts: it was waited for as a whole and is measured by itself, as it was while it was gathered.
    /// </param>
    public void NoteWritten(long joined = 0)
    {
        if (Client is not { } client)
        {
            return;
        }

        if (_isMuted)
        {
            _early.Clear();
            return;
        }

        if (IsHead)
        {
            client.MarkDirty();
            _replyBytes = joined;
        }
        else
        {
            client.EarlyBytes += _early.Length - _replyBytes;
            _replyBytes = _early.Length;
        }

        client.CheckOutput(joined);
    }

    /// <summary>It became the head: what came early is in order now.</summary>
    public void TakeTheFront()
    {
        var client = Client!;
        client.EarlyBytes -= _early.Length;
        client.Output.TakeOver(_early);
    }

    /// <summary>It left the queue, done.</summary>
    public void Leave() => Return();

    /// <summary>The client is gone. A reply that is still to come has nowhere to go.</summary>
    public void Abandon()
    {
        if (!IsDone)
        {
            Client!.Counters.RequestAbandoned();
        }

        Client!.EarlyBytes -= _early.Length;
        _early.Clear();
        Client = null;
        Next = null;
        if (IsDone)
        {
            Return();
        }
    }

    private void DropEarly(ClientSession client)
    {
        client.EarlyBytes -= _early.Length;
        _early.Clear();
        _replyBytes = 0;
    }

    private void Return()
    {
        if (!_left)
        {
            _left = true;
            _early.Clear();
            Client = null;
            Next = null;
            _home.Return(this);
        }
    }
}
