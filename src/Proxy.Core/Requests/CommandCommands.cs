using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>COMMAND and its subcommands where there are several servers: from the tables that the proxy itself works by.</summary>
internal sealed class CommandCommands
{
    private readonly ProxyFacts _facts;
    private readonly KeyPositions _keys;

    /// <param name="facts">Has the servers asked which commands they have.</param>
    /// <param name="keys">Scratch for GETKEYS.</param>
    public CommandCommands(ProxyFacts facts, KeyPositions keys)
    {
        _facts = facts;
        _keys = keys;
    }

    /// <inheritdoc cref="LocalCommands.HasToWait"/>
    public bool HasToWait(ClientSession client)
    {
        if (_facts.AskServers() is { IsCompleted: false } asked)
        {
            client.HoldUntil(asked);
            return true;
        }

        return false;
    }

    /// <summary>Writes the reply.</summary>
    public void Answer(ClientSession client, OutBuffer output, LocalCommand command, in RequestFrame frame) =>
        CommandReplyWriter.Write(command, client.Pool.Pool.Learnt, frame, client.RespVersion, _keys, output, () => client.MayGrow(output));
}
