using Proxy.Core.Backends;
using Proxy.Core.Workers;

namespace Proxy.Core.Requests.Gathering;

/// <summary>A part of a request at one server, and the reply to it until all parts have theirs. Used on the worker's loop only.</summary>
/// <param name="blocks">The worker's.</param>
internal abstract class RequestPart(BlockPool blocks) : ClientInFlight
{
    /// <summary>The whole reply of its server; empty when there was none. Whoever joins the replies takes from it.</summary>
    public OutBuffer Reply { get; } = new(blocks);

    /// <summary>Why there is no reply; null if there is one, or may be.</summary>
    public BackendFailure? Failure { get; private set; }

    /// <summary>It has its reply.</summary>
    public bool IsAnswered { get; private set; }

    /// <inheritdoc/>
    public override bool IsCongested => Whole is { HasRoom: false };

    /// <summary>What it is a part of; null once that is answered.</summary>
    protected PartialRequest? Whole { get; private set; }

    /// <inheritdoc/>
    protected override ClientSession? Client => Whole?.Client;

    /// <summary>A copy of <see cref="Reply"/> in one piece.</summary>
    public byte[] CopyReply()
    {
        var copy = new byte[Reply.Length];
        Reply.CopyFirst(copy);
        return copy;
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        if (Whole is not { } whole)
        {
            return;
        }

        if (whole.TakesMore(bytes.Length))
        {
            Reply.Append(bytes);
        }

        if (last)
        {
            IsAnswered = true;
            whole.PartDone();
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        Failure = failure;
        Reply.Clear();
        Whole?.PartDone();

        // The client need not wait for a reply that will be swallowed.
        ReleaseHold();
    }

    /// <inheritdoc/>
    public override void WhenDrained(IServerLink connection)
    {
        if (Whole is { } whole)
        {
            whole.ResumeWhenRoom(connection);
        }
        else
        {
            connection.Resume();
        }
    }

    /// <summary>It begins.</summary>
    protected void Join(PartialRequest whole)
    {
        Whole = whole;
        Failure = null;
        IsAnswered = false;
    }

    /// <summary>The whole is answered: what still comes goes nowhere.</summary>
    protected void Part()
    {
        Whole = null;
        Reply.Clear();
    }
}
