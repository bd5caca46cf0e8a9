using System.Buffers;
using System.Globalization;
using System.Text;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests;

/// <summary>CLIENT's subcommands about the asking connection itself.</summary>
internal static class ClientCommands
{
    /// <summary>Writes the reply.</summary>
    public static void Answer(ClientSession client, IBufferWriter<byte> output, LocalCommand command, in RequestFrame frame)
    {
        switch (command)
        {
            case LocalCommand.ClientSetName:
                output.Write(TrySetName(client, frame[2]) ? Replies.Ok : Replies.InvalidClientName);
                break;
            case LocalCommand.ClientGetName when client.Identity.Name.Length == 0:
                RespWriter.Null(output, client.RespVersion);
                break;
            case LocalCommand.ClientGetName:
                RespWriter.Bulk(output, client.Identity.Name);
                break;
            case LocalCommand.ClientSetInfo:
                SetInfo(client, output, frame[2], frame[3]);
                break;
            case LocalCommand.ClientId:
                RespWriter.Integer(output, client.Id);
                break;
            case LocalCommand.ClientInfo:
                RespWriter.Verbatim(output, Line(client), client.RespVersion);
                break;
            default:
                output.Write(Replies.ClientHelp);
                break;
        }
    }

    /// <summary>Names the client; false, and nothing changes, if that is no name.</summary>
    public static bool TrySetName(ClientSession client, ReadOnlySpan<byte> name)
    {
        var isValid = IsValidName(name);
        if (isValid)
        {
            client.Identity.Name = name.ToArray();
        }

        return isValid;
    }

    /// <summary>Redis's rule for names: printable ASCII without blanks.</summary>
    private static bool IsValidName(ReadOnlySpan<byte> name) => !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    private static void SetInfo(ClientSession client, IBufferWriter<byte> output, ReadOnlySpan<byte> option, ReadOnlySpan<byte> value)
    {
        var isName = Ascii.EqualsIgnoreCase(option, "LIB-NAME"u8);
        if (!isName && !Ascii.EqualsIgnoreCase(option, "LIB-VER"u8))
        {
            Replies.UnrecognizedOption(output, option);
            return;
        }

        if (!IsValidName(value))
        {
            Replies.InvalidClientInfo(output, isName ? "lib-name" : "lib-ver");
            return;
        }

        if (isName)
        {
            client.Identity.LibraryName = value.ToArray();
        }
        else
        {
            client.Identity.LibraryVersion = value.ToArray();
        }

        output.Write(Replies.Ok);
    }

    // The fields and their order are Redis 7's; what has no meaning in a proxy is given as a fresh connection has it.
    private static string Line(ClientSession client)
    {
        var now = Environment.TickCount64;
        var identity = client.Identity;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"id={client.Id} addr={client.RemoteAddress} laddr={client.LocalAddress} fd=-1 name={Encoding.ASCII.GetString(identity.Name)} "
            + $"age={(now - client.ConnectedMs) / 1000} idle={(now - client.LastRequestMs) / 1000} flags={Flags(client)} db={client.Database} sub=0 psub=0 ssub=0 multi={client.Transaction?.Commands.Count ?? -1} "
            + $"qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll={client.Replies.Count} omem={client.Output.Length + client.EarlyBytes} "
            + $"tot-mem={client.Output.Length + client.EarlyBytes} events=r cmd={identity.LastCommand} user=default redir=-1 resp={client.RespVersion} "
            + $"lib-name={Encoding.ASCII.GetString(identity.LibraryName)} lib-ver={Encoding.ASCII.GetString(identity.LibraryVersion)}\n");
    }

    private static string Flags(ClientSession client) => client.Transaction is null ? "N" : "x";
}
