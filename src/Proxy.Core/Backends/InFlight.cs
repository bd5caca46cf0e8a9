namespace Proxy.Core.Backends;

/// <summary>
/// A request's place in the queue of a backend connection, from its enqueueing to the last byte of its reply. The way back from
/// Backends: derived in Requests, which know what to do with the answer.
/// </summary>
internal abstract class InFlight
{
    /// <summary>Where its bytes begin in the stream to the server, counted from the connection object's birth.</summary>
    public long Start { get; set; }

    /// <summary>Where its bytes end: one after the last.</summary>
    public long End { get; set; }

    /// <summary>Stopwatch ticks of its enqueueing.</summary>
    public long QueuedTicks { get; set; }

    /// <summary>Milliseconds (<see cref="Environment.TickCount64"/>) of its enqueueing.</summary>
    public long QueuedMs { get; set; }

    /// <summary>When it fails if it is not answered, in <see cref="Environment.TickCount64"/>.</summary>
    public long DeadlineMs { get; set; }

    /// <summary>
    /// It was failed but keeps its place, so that the replies behind it do not shift; its own reply, when it comes, is swallowed.
    /// </summary>
    public bool Abandoned { get; set; }

    /// <summary>
    /// How many replies are still to come; more than 1 for several commands that go out as one piece, such as MULTI … EXEC. Only the last
    /// one is its reply, the others are shown to <see cref="OnInterimReply"/>. A piece is answered, fails and times out as a whole.
    /// </summary>
    public int RepliesAwaited { get; set; } = 1;

    /// <summary>True if the server runs a script for it: as long as that takes, it answers nobody else. Set before it is entered.</summary>
    public bool RunsScript { get; set; }

    /// <summary>True while more of the request itself is to come: until then the server owes nothing.</summary>
    public virtual bool IsArriving => false;

    /// <summary>
    /// True once nobody wants its reply and nothing is lost with it: a connection on which nothing else is under way closes instead of
    /// waiting for it.
    /// </summary>
    public virtual bool IsUnwanted => false;

    /// <summary>True while whoever takes the reply has no room for more of it: the connection then stops reading.</summary>
    public virtual bool IsCongested => false;

    /// <summary>
    /// A part of the reply, in order. The bytes are valid during the call only.
    /// </summary>
    /// <param name="bytes">The next bytes of the reply.</param>
    /// <param name="kind">The reply's first byte: <c>+ - : $ *</c> …</param>
    /// <param name="last">The reply ends with these bytes; nothing follows.</param>
    public abstract void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last);

    /// <summary>One of the replies before the last came. It is valid during the call only.</summary>
    /// <param name="reply">The whole reply; of a large one perhaps only the beginning.</param>
    /// <param name="kind">Its first byte.</param>
    public virtual void OnInterimReply(ReadOnlySpan<byte> reply, byte kind)
    {
    }

    /// <summary>There will be no (further) reply. Called at most once, and not after a last part.</summary>
    public abstract void OnFailure(BackendFailure failure);

    /// <summary>The connection asks to be resumed once there is room again. Only called while <see cref="IsCongested"/>.</summary>
    public virtual void WhenDrained(IServerLink connection) => connection.Resume();

    /// <summary>
    /// The connection leaves the shared set with this request outstanding: its client must not send to the server over another
    /// connection before this one is done, or its requests could run out of order.
    /// </summary>
    public virtual void HoldClient()
    {
    }

    /// <summary>The queue is done with it; it may go back to its free list.</summary>
    public abstract void Recycle();

    /// <summary>Puts the queue's own fields back; called by derived classes when they are reused.</summary>
    protected void ResetPlace()
    {
        Abandoned = false;
        RepliesAwaited = 1;
        RunsScript = false;
        Start = 0;
        End = 0;
    }
}
