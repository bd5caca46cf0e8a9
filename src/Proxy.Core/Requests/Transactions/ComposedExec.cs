using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Workers;
using Proxy.Resp;

namespace Proxy.Core.Requests.Transactions;

/// <summary>
/// A transaction of which the proxy answers some commands: its client takes no further request until the server's array is there, and then
/// gets the elements of both in the order of the commands.
/// </summary>
internal sealed class ComposedExec : TransactionInFlight
{
    private readonly TransactionComposer _composer;
    private readonly TransactionState _transaction;
    private readonly OutBuffer _reply;
    private long _kept;
    private bool _isTooLarge;

    /// <param name="pending">EXEC's place.</param>
    /// <param name="transaction">What was queued; taken over.</param>
    /// <param name="composer">Puts the reply together.</param>
    /// <param name="replies">How many come from the server.</param>
    public ComposedExec(PendingRequest pending, TransactionState transaction, TransactionComposer composer, int replies)
    {
        var client = pending.Client!;
        _composer = composer;
        _transaction = transaction;
        _reply = new OutBuffer(client.Worker.Blocks);
        Pending = pending;
        RepliesAwaited = replies;
        HoldClient();
    }

    /// <inheritdoc/>
    public override void OnReply(ReadOnlySpan<byte> bytes, byte kind, bool last)
    {
        NoteReply(bytes);
        if (Pending!.Client is { } client)
        {
            _isTooLarge |= _reply.Length + bytes.Length > client.Model.ClientOutputLimit;
            if (!_isTooLarge)
            {
                // Until it is put together it waits like any other early reply.
                _reply.Append(bytes);
                client.EarlyBytes += bytes.Length;
                _kept += bytes.Length;
            }
        }

        if (last)
        {
            Finish();
        }
    }

    /// <inheritdoc/>
    public override void OnFailure(BackendFailure failure)
    {
        DropReply();
        base.OnFailure(failure);
    }

    /// <inheritdoc/>
    public override void Recycle()
    {
        DropReply();
        ResetTransaction();
        _transaction.Clear();
        ReleaseHold();
    }

    private void Finish()
    {
        var pending = Pending!;
        Pending = null;
        if (pending.Client is { } client)
        {
            client.EarlyBytes -= _kept;
            var kept = _kept;
            _kept = 0;
            if (_isTooLarge)
            {
                client.Counters.RequestFailed(RequestErrorReason.TooLarge);
                Replies.ReplyTooLarge(pending.Writer, client.Model.Name);
            }
            else if (Refusal is { } refusal && _reply.FirstSpan is [(byte)'-', ..])
            {
                Replies.ExecAborted(pending.Writer, refusal);
            }
            else
            {
                _composer.Write(client, pending.Writer, _transaction, _reply);
            }

            pending.NoteWritten(kept);
        }

        pending.Finish();
    }

    private void DropReply()
    {
        if (Pending?.Client is { } client)
        {
            client.EarlyBytes -= _kept;
        }

        _kept = 0;
        _reply.Clear();
    }
}
