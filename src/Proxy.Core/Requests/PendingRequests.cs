using Proxy.Core.Backends;
using Proxy.Core.Metrics;
using Proxy.Core.Topology;
using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>
/// Gives requests their places in their clients' order of replies. One per worker. A request that has to come again
/// (<see cref="ClientFlow.PutBack"/>) must not have a place: it would wait for itself.
/// </summary>
internal sealed class PendingRequests
{
    private readonly FreeList<PendingRequest> _free;

    public PendingRequests(BlockPool blocks)
    {
        _free = new FreeList<PendingRequest>(home => new PendingRequest(home, blocks));
    }

    /// <summary>Takes the place behind all others and counts the request.</summary>
    /// <param name="client">Whose it is.</param>
    /// <param name="command">What it asks; null if nobody knows.</param>
    public PendingRequest Begin(ClientSession client, CommandInfo? command)
    {
        var pending = _free.Take();
        pending.Enter(client);
        if (command is null)
        {
            client.Counters.RequestReceived(-1);
        }
        else
        {
            client.Counters.RequestReceived(command.Index);
            client.Identity.LastCommand = command.Name;
        }

        return pending;
    }

    /// <summary>Answers at once.</summary>
    public void Answer(ClientSession client, CommandInfo? command, ReadOnlySpan<byte> reply)
    {
        var pending = Begin(client, command);
        pending.Writer.Append(reply);
        pending.FinishWritten();
    }

    /// <summary>Answers with an error at once.</summary>
    public void Refuse(ClientSession client, CommandInfo? command, RequestErrorReason reason, ReadOnlySpan<byte> reply)
    {
        client.Counters.RequestFailed(reason);
        Answer(client, command, reply);
    }

    /// <summary>Says that the proxy does not do that.</summary>
    public void RefuseUnsupported(ClientSession client, CommandInfo command)
    {
        var pending = Begin(client, command);
        client.Counters.RequestFailed(RequestErrorReason.NotSupported);
        Replies.NotSupported(pending.Writer, command.Name);
        pending.FinishWritten();
    }

    /// <summary>Answers with an error and returns false if nothing can be sent to any server at the moment.</summary>
    public bool MayReachServer(ClientSession client, PoolSnapshot snapshot, CommandInfo command)
    {
        if (client.Worker.Memory.IsExhausted)
        {
            Refuse(client, command, RequestErrorReason.MemoryLimit, Replies.MemoryLimit);
            return false;
        }

        if (!snapshot.AnyLive)
        {
            Begin(client, command).Fail(new BackendFailure(FailureKind.AllEjected, snapshot.Shards[0].Primary));
            return false;
        }

        return true;
    }

    /// <summary>Says that one of its keys belongs to no server.</summary>
    public void RefuseHomelessKey(ClientSession client, PoolSnapshot snapshot, CommandInfo command)
    {
        var pending = Begin(client, command);
        client.Counters.RequestFailed(RequestErrorReason.NoServer);
        Replies.KeyWithoutNumber(pending.Writer, snapshot.Model.Name);
        pending.FinishWritten();
    }
}
