using Proxy.Core.Metrics;
using Proxy.Core.Requests.Administration.Information;
using Proxy.Core.Requests.Administration.Joining;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Requests.Users;
using Proxy.Core.Topology;
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

    /// <summary>Writes the reply of a transaction in which no command goes to a server; not to its end if the client is dropped for its size.</summary>
    public void Write(ClientSession client, OutBuffer output, TransactionState transaction)
    {
        RespWriter.ArrayHeader(output, transaction.Commands.Count);
        var frames = new QueuedFrames(transaction.LocalBytes);
        foreach (var queued in transaction.Commands)
        {
            if (queued.Kind == QueuedKind.Refused)
            {
                Refuse(client, output, queued);
            }
            else
            {
                Answer(client, output, transaction, queued.Command, frames.Next());
            }

            if (!client.MayGrow(output))
            {
                return;
            }
        }
    }

    /// <summary>Writes the reply of a transaction that ran at a server; not to its end if the client is dropped for its size.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="output">Where the reply goes.</param>
    /// <param name="transaction">What was queued.</param>
    /// <param name="reply">What the server answered to EXEC, whole; it is emptied, unless the client is dropped.</param>
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

        var joined = reply.Length;
        RespWriter.ArrayHeader(output, transaction.Commands.Count);
        var local = new QueuedFrames(transaction.LocalBytes);
        var server = new QueuedFrames(transaction.ServerBytes);
        foreach (var queued in transaction.Commands)
        {
            if (!client.MayGrow(output, joined))
            {
                return;
            }

            if (queued.Kind == QueuedKind.Local)
            {
                Answer(client, output, transaction, queued.Command, local.Next());
                continue;
            }

            if (queued.Kind == QueuedKind.Refused)
            {
                Refuse(client, output, queued);
                continue;
            }

            var frame = server.Next();
            var isDone = reply.FirstSpan is [(byte)'+', ..];
            if (queued.Kind is QueuedKind.Publish or QueuedKind.CountSubscribers)
            {
                MoveCount(client, output, transaction, queued, frame, elements);
            }
            else if (queued.Kind == QueuedKind.Info)
            {
                MoveInfo(client, output, transaction, frame, elements);
            }
            else
            {
                elements.MoveNext(output);
            }

            if (queued.Kind == QueuedKind.Select && isDone && RedisInteger.TryParse(frame[1], out var database))
            {
                client.ChangeDatabase((int)database);
            }
        }
    }

    /// <summary>Writes the numbers of a PUBLISH or PUBSUB NUMSUB, with the clients behind our subscriptions in their place.</summary>
    private static void MoveCount(
        ClientSession client, OutBuffer output, TransactionState transaction, QueuedCommand queued, in RequestFrame frame, ReplyElements elements)
    {
        var bytes = Take(client, elements);
        var subscriptions = client.Pool.Pool.Subscriptions;
        var kind = queued.Command.Local is LocalCommand.Publish or LocalCommand.PubSubNumSub ? ChannelKind.Channel : ChannelKind.Shard;
        var receivers = queued.Kind == QueuedKind.Publish ? transaction.Receivers.Dequeue() : default;
        if (bytes is not [(byte)':' or (byte)'*', ..])
        {
            output.Append(bytes);
        }
        else if (queued.Kind == QueuedKind.CountSubscribers)
        {
            SubscribersCoalescer.Write(subscriptions, kind, [bytes], output);
        }
        else
        {
            new ReplyReader(bytes).TryReadInteger(out var received);
            RespWriter.Integer(output, subscriptions.CorrectPublished(kind, frame[1], transaction.Server!, received, receivers));
        }
    }

    private void MoveInfo(ClientSession client, OutBuffer output, TransactionState transaction, in RequestFrame frame, ReplyElements elements)
    {
        var bytes = Take(client, elements);
        var reply = new ServerReply(transaction.Server!.Name, ReplyNode.Parse(bytes));
        if (reply.Reply.IsError || !_local.Information.JoinerFor(client, InfoQuestion.Of(frame)).TryJoin([reply], output, client.RespVersion))
        {
            output.Append(bytes);
        }
    }

    /// <summary>The next element in one piece.</summary>
    private static byte[] Take(ClientSession client, ReplyElements elements)
    {
        var element = new OutBuffer(client.Worker.Blocks);
        elements.MoveNext(element);
        var bytes = new byte[element.Length];
        element.CopyFirst(bytes);
        element.Clear();
        return bytes;
    }

    private static void Refuse(ClientSession client, OutBuffer output, in QueuedCommand queued)
    {
        client.Counters.RequestFailed(RequestErrorReason.Denied);
        output.Append(queued.Denial.LineInExec());
    }

    private void Answer(
        ClientSession client, OutBuffer output, TransactionState transaction, CommandInfo command, in RequestFrame frame)
    {
        switch (command.Local)
        {
            case LocalCommand.Subscribe:
                Subscribe(client, output, transaction, ChannelKind.Channel, frame);
                break;
            case LocalCommand.PSubscribe:
                Subscribe(client, output, transaction, ChannelKind.Pattern, frame);
                break;
            case LocalCommand.Ping when (client.Gate & SessionGate.Subscriber) != 0 && frame.Count <= 2:
                PubSubCommands.WritePong(output, frame);
                break;
            case LocalCommand.SSubscribe:
                output.Append(Replies.ShardSubscribeInTransaction);
                break;
            case LocalCommand.Unsubscribe:
                PubSubCommands.Unsubscribe(client, ChannelKind.Channel, frame, output);
                break;
            case LocalCommand.PUnsubscribe:
                PubSubCommands.Unsubscribe(client, ChannelKind.Pattern, frame, output);
                break;
            case LocalCommand.SUnsubscribe:
                PubSubCommands.Unsubscribe(client, ChannelKind.Shard, frame, output);
                break;
            case LocalCommand.Unwatch:
                output.Append(Replies.Ok);
                break;
            case LocalCommand.Monitor:
                output.Append(Replies.MonitorInTransaction);
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

    // Redis writes a whole confirmation for each name, although the array's header counts commands.
    private static void Subscribe(
        ClientSession client, OutBuffer output, TransactionState transaction, ChannelKind kind, in RequestFrame frame)
    {
        for (var i = 1; i < frame.Count; i++)
        {
            transaction.Subscriptions!.Subscribe(kind, frame[i]);
            Confirmation.Write(output, client, subscribed: true, kind, frame[i].ToArray());
        }
    }
}
