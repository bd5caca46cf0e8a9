using System.Buffers;
using Proxy.Core.Metrics;
using Proxy.Core.Requests.Administration;
using Proxy.Core.Requests.Administration.Information;
using Proxy.Core.Workers;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>The commands that the proxy answers itself: what concerns a connection or the process, not a key.</summary>
internal sealed class LocalCommands
{
    private readonly CommandCommands _command;

    /// <param name="facts">Has the servers asked.</param>
    /// <param name="information">What INFO tells of the proxy.</param>
    /// <param name="keys">Scratch for COMMAND GETKEYS.</param>
    public LocalCommands(ProxyFacts facts, ProxyInformation information, KeyPositions keys)
    {
        Information = information;
        _command = new CommandCommands(facts, keys);
    }

    /// <summary>What INFO tells of the proxy.</summary>
    public ProxyInformation Information { get; }

    /// <summary>Whether it is not known yet what to answer: then the client is held, and the request has to come again.</summary>
    public bool HasToWait(ClientSession client, CommandInfo command) =>
        command.Local is >= LocalCommand.Command and <= LocalCommand.CommandList && _command.HasToWait(client);

    /// <summary>Whether a command that goes to the server, where there is only one, asks about what only the proxy knows: `COMMAND DOCS proxy`.</summary>
    public static bool IsAboutTheProxy(CommandInfo command, in RequestFrame frame)
    {
        if (command.Local is >= LocalCommand.Command and <= LocalCommand.CommandList)
        {
            for (var i = 2; i < frame.Count; i++)
            {
                if (CommandTable.FindFullName(frame[i]) is { IsOwn: true })
                {
                    return true;
                }
            }
        }

        return false;
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
            case LocalCommand.ClusterDisabled:
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
            case LocalCommand.Info:
                // As part of a transaction that no server runs: see CommandHandling.Join.
                Information.Write(client, output, InfoQuestion.Of(frame));
                break;
            case LocalCommand.ProxyHelp or LocalCommand.ProxyRoute or LocalCommand.ProxyServers:
                ProxyCommands.Answer(client, output, command.Local, frame);
                break;
            case LocalCommand.Time:
                Time(output);
                break;
            case LocalCommand.Role:
                output.Write(Replies.RoleMaster);
                break;
            default:
                _command.Answer(client, output, command.Local, frame);
                break;
        }
    }

    private static void Time(IBufferWriter<byte> output)
    {
        var micros = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        RespWriter.ArrayHeader(output, 2);
        RespWriter.BulkNumber(output, micros / 1_000_000);
        RespWriter.BulkNumber(output, micros % 1_000_000);
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
