using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Sessions;

/// <summary>
/// <c>SELECT index</c>: the database of that number on every server. A client begins in the pool's <c>redis_db</c>.
/// </summary>
internal sealed class SelectCommand
{
    private readonly ProxyFacts _facts;
    private readonly PendingRequests _pending;

    public SelectCommand(ProxyFacts facts, PendingRequests pending)
    {
        _facts = facts;
        _pending = pending;
    }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        if (!RedisInteger.TryParse(frame[1], out var index))
        {
            _pending.Answer(client, command, Replies.NotInteger);
            return true;
        }

        if (index is < int.MinValue or > int.MaxValue)
        {
            _pending.Answer(client, command, Replies.NotInt32);
            return true;
        }

        if (index != client.Database)
        {
            // How many there are is known once the servers were asked; they are asked once.
            if (index != 0 && _facts.AskServers() is { IsCompleted: false } answered)
            {
                client.HoldUntil(answered);
                return false;
            }

            if (RefusalOf(index, client.Pool.Pool.Databases) is { IsEmpty: false } refusal)
            {
                _pending.Answer(client, command, refusal);
                return true;
            }

            if (client.PutBack())
            {
                return false;
            }

            client.ChangeDatabase((int)index);
        }

        _pending.Answer(client, command, Replies.Ok);
        return true;
    }

    private static ReadOnlySpan<byte> RefusalOf(long index, int databases) => index switch
    {
        0 => default,
        _ when databases == 1 => Replies.SelectInCluster,
        _ when index < 0 || index >= databases => Replies.DbIndexOutOfRange,
        _ => default,
    };
}
