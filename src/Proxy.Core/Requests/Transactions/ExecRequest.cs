using Proxy.Resp;

namespace Proxy.Core.Requests.Transactions;

/// <summary>A transaction of which every element comes from the server: the reply to EXEC passes through.</summary>
internal sealed class ExecRequest : TransactionInFlight
{
    private readonly FreeList<ExecRequest> _home;

    public ExecRequest(FreeList<ExecRequest> home)
    {
        _home = home;
    }

    /// <summary>Makes it the way back to <paramref name="pending"/>.</summary>
    /// <param name="pending">EXEC's place.</param>
    /// <param name="commands">How many commands are between MULTI and EXEC.</param>
    public void Begin(PendingRequest pending, int commands)
    {
        Pending = pending;
        RepliesAwaited = commands + 2;
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        var pending = Pending!;
        NoteReply(bytes);
        if (kind != (byte)'-' || Refusal is null)
        {
            pending.Append(bytes);
        }

        if (!last)
        {
            return;
        }

        Pending = null;
        if (kind == (byte)'-' && Refusal is { } refusal && pending.Client is not null)
        {
            Replies.ExecAborted(pending.Writer, refusal);
            pending.NoteWritten();
        }

        pending.Finish();
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        ResetTransaction();
        _home.Return(this);
        ReleaseHold();
    }
}
