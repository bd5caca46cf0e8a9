using Proxy.Core.Requests.Sessions;
using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Transactions;

/// <summary>
/// Writes the array that EXEC answers: the server's elements and the proxy's own, which are made now, in the order of the commands.
/// </summary>
internal sealed class TransactionComposer
{
    private readonly LocalCommands _local;
    private readonly HelloCommand _hello;

    public TransactionComposer(LocalCommands local, HelloCommand hello)
    {
        _local = local;
        _hello = hello;
    }

    /// <summary>Writes the reply of a transaction in which no command goes to a server.</summary>
    public void Write(ClientSession client, OutBuffer output, TransactionState transaction)
    {
        RespWriter.ArrayHeader(output, transaction.Commands.Count);
        var frames = new QueuedFrames(transaction.LocalBytes);
        foreach (var queued in transaction.Commands)
        {
            Answer(client, output, queued.Command, frames.Next());
        }
    }

    /// <summary>Writes the reply of a transaction that ran at a server.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="output">Where the reply goes.</param>
    /// <param name="transaction">What was queued.</param>
    /// <param name="reply">What the server answered to EXEC, whole; it is emptied.</param>
    public void Write(ClientSession client, OutBuffer output, TransactionState transaction, OutBuffer reply)
    {
        var elements = new ReplyElements(reply);
        if (!elements.TryTakeHeader(out var count))
        {
            // An error, or null: nothing ran.
            output.TakeOver(reply);
            return;
        }

        if (count < transaction.ServerCommands)
        {
            output.Append(Replies.UnexpectedFragmentReply);
            return;
        }

        RespWriter.ArrayHeader(output, transaction.Commands.Count);
        var local = new QueuedFrames(transaction.LocalBytes);
        var server = new QueuedFrames(transaction.ServerBytes);
        foreach (var queued in transaction.Commands)
        {
            if (queued.Kind == QueuedKind.Local)
            {
                Answer(client, output, queued.Command, local.Next());
                continue;
            }

            var frame = server.Next();
            var isDone = reply.FirstSpan is [(byte)'+', ..];
            elements.MoveNext(output);
            if (queued.Kind == QueuedKind.Select && isDone && RedisInteger.TryParse(frame[1], out var database))
            {
                client.ChangeDatabase((int)database);
            }
        }
    }

    private void Answer(ClientSession client, OutBuffer output, CommandInfo command, in RequestFrame frame)
    {
        switch (command.Local)
        {
            case LocalCommand.Unwatch:
                output.Append(Replies.Ok);
                break;
            case LocalCommand.Hello:
                _hello.AnswerWithoutChange(client, output, frame);
                break;
            case LocalCommand.Auth:
                AuthCommand.Answer(client, output, frame);
                break;
            default:
                _local.Answer(client, output, command, frame);
                break;
        }
    }
}
