using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>COMMAND and its subcommands, from the table that the proxy itself works by.</summary>
internal sealed class CommandCommands
{
    private readonly KeyPositions _keys;

    /// <param name="keys">Scratch for GETKEYS.</param>
    public CommandCommands(KeyPositions keys)
    {
        _keys = keys;
    }

    /// <summary>Writes the reply.</summary>
    public void Answer(ClientSession client, OutBuffer output, LocalCommand command, in RequestFrame frame) =>
        CommandReplyWriter.Write(command, frame, client.RespVersion, _keys, output, () => client.MayGrow(output));
}
