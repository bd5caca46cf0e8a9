using Proxy.Core.Topology;
using Proxy.Resp;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Requests;

/// <summary>
/// Requests that name a command which the built-in table has not: they are looked up among what the pool's servers told
/// (<see cref="ServerPool.Learnt"/>), and servers that did not tell yet are asked first.
/// </summary>
internal sealed class UnknownCommands
{
    private readonly ProxyFacts _facts;

    public UnknownCommands(ProxyFacts facts)
    {
        _facts = facts;
    }

    /// <summary>Looks a request up that the table has not.</summary>
    /// <param name="client">Whose it is.</param>
    /// <param name="frame">The request.</param>
    /// <param name="lookup">What the table says; afterwards, what is known.</param>
    /// <param name="command">Likewise.</param>
    /// <returns>False if nobody knows yet: the client is held, and the request has to come again.</returns>
    public bool TryResolve(ClientSession client, in RequestFrame frame, ref CommandLookup lookup, ref CommandInfo? command)
    {
        if (lookup == CommandLookup.WrongArity)
        {
            return true;
        }

        var pool = client.Pool.Pool;
        lookup = pool.Learnt.Resolve(new RequestArguments(frame), out command);
        if (lookup is CommandLookup.Found or CommandLookup.WrongArity || !IsWorthAsking(client, lookup, command))
        {
            return true;
        }

        var asked = _facts.AskForCommands(pool);
        if (!asked.IsCompleted)
        {
            client.HoldUntil(asked);
            return false;
        }

        return true;
    }

    // Who has not logged in cannot run it anyway; and a subcommand that is not taken, whatever servers say, is asked for by many clients at once.
    private static bool IsWorthAsking(ClientSession client, CommandLookup lookup, CommandInfo? command) =>
        client.IsAuthenticated && (lookup == CommandLookup.UnknownCommand || command!.IsLearnt || LearntOverlay.MayExtend(command));
}
