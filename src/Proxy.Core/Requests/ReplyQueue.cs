namespace Proxy.Core.Requests;

/// <summary>
/// The order of a client's replies.
/// <code>
///   requests:  GET a ──▶ shard 1        GET b ──▶ shard 2        PING (answered here)
///   queue:     [ a: waiting ] ◀─ head   [ b: answered early ]    [ +PONG: early ]
/// </code>
/// Only the head's reply goes to the client's out-buffer; one that is early waits in its place. When the head is done, it and
/// every done one behind it leave, and the next takes over what it already has.
/// </summary>
internal sealed class ReplyQueue
{
    private readonly ClientFlow _client;
    private PendingRequest? _tail;

    public ReplyQueue(ClientFlow client)
    {
        _client = client;
    }

    /// <summary>The oldest request that is not answered; null when all are.</summary>
    public PendingRequest? Head { get; private set; }

    /// <summary>Requests not answered.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a request behind all others.</summary>
    public void Add(PendingRequest request)
    {
        if (_tail is null)
        {
            Head = request;
        }
        else
        {
            _tail.Next = request;
        }

        _tail = request;
        Count++;
    }

    /// <summary>Takes the done ones off the front. Called when the head is done.</summary>
    public void Advance()
    {
        while (Head is { IsDone: true } done)
        {
            Head = done.Next;
            Count--;
            _client.ReleasePushes();
            if (Head is null)
            {
                _tail = null;
                _client.OnAllAnswered();
            }
            else
            {
                Head.TakeTheFront();
            }

            done.Leave();
        }

        _client.MarkDirty();
        _client.Continue();
    }

    /// <summary>The client is gone: every request loses its way back.</summary>
    public void Abandon()
    {
        while (Head is { } request)
        {
            Head = request.Next;
            request.Abandon();
        }

        _tail = null;
        Count = 0;
    }
}
