using System.Buffers;
using Proxy.Core.Metrics;
using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>The commands that the proxy answers itself: what concerns a connection or the process, not a key.</summary>
internal sealed class LocalCommands
{
    private readonly ServerCommands _server;
    private readonly CommandCommands _command;

    public LocalCommands(ProxyFacts facts, KeyPositions keys)
    {
        _server = new ServerCommands(facts);
        _command = new CommandCommands(keys);
    }

    /// <summary>Writes the reply.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="output">Where the reply goes.</param>
    /// <param name="command">The command, its arity checked.</param>
    /// <param name="frame">The request.</param>
    public void Answer(ClientSession client, OutBuffer output, CommandInfo command, in RequestFrame frame)
    {
        switch (command.Local)
        {
            case LocalCommand.Ping:
                Ping(output, frame);
                break;
            case LocalCommand.Echo:
                RespWriter.Bulk(output, frame[1]);
                break;
            case LocalCommand.Quit:
                output.Write(Replies.Ok);
                client.CloseAfterReplies(ClientCloseReason.Quit);
                break;
            case LocalCommand.PubSubHelp:
                output.Write(Replies.PubSubHelp);
                break;
            case LocalCommand.ReadOnly or LocalCommand.ReadWrite:
                output.Write(Replies.ClusterDisabled);
                break;
            case LocalCommand.AclWhoAmI:
                RespWriter.Bulk(output, client.Login.UserName);
                break;
            case LocalCommand.ClientSetName or LocalCommand.ClientGetName or LocalCommand.ClientSetInfo
                or LocalCommand.ClientId or LocalCommand.ClientInfo or LocalCommand.ClientHelp
                or LocalCommand.ClientNoEvict or LocalCommand.ClientNoTouch or LocalCommand.ClientGetRedir or LocalCommand.ClientTrackingInfo:
                ClientCommands.Answer(client, output, command.Local, frame);
                break;
            case LocalCommand.Info or LocalCommand.Time or LocalCommand.Role or LocalCommand.Lolwut:
                _server.Answer(client, output, command.Local, frame);
                break;
            default:
                _command.Answer(client, output, command.Local, frame);
                break;
        }
    }

    // PING [message]: more than one is wrong, which its arity in the table does not say.
    private static void Ping(IBufferWriter<byte> output, in RequestFrame frame)
    {
        switch (frame.Count)
        {
            case 1:
                output.Write(Replies.Pong);
                break;
            case 2:
                RespWriter.Bulk(output, frame[1]);
                break;
            default:
                Replies.WrongArity(output, "ping");
                break;
        }
    }
}
