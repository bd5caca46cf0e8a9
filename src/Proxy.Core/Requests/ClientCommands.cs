using System.Buffers;
using System.Text;
using Proxy.Core.Requests.Sessions;
using Proxy.Core.Requests.Tracking;
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
                RespWriter.Verbatim(output, ClientLine.Of(client, frame.Bytes.Length), client.RespVersion);
                break;
            case LocalCommand.ClientNoEvict or LocalCommand.ClientNoTouch:
                SetSwitch(client, output, command, frame[2]);
                break;
            case LocalCommand.ClientGetRedir:
                RespWriter.Integer(output, client.Tracking?.Options.Redirect ?? -1);
                break;
            case LocalCommand.ClientTrackingInfo:
                TrackingInfo.Write(client, output);
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
    public static bool IsValidName(ReadOnlySpan<byte> name) => !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    // Noted and shown; a server keeps no client of the proxy.
    private static void SetSwitch(ClientSession client, IBufferWriter<byte> output, LocalCommand command, ReadOnlySpan<byte> value)
    {
        var isOn = Ascii.EqualsIgnoreCase(value, "ON"u8);
        if (!isOn && !Ascii.EqualsIgnoreCase(value, "OFF"u8))
        {
            output.Write(Replies.SyntaxError);
            return;
        }

        if (command == LocalCommand.ClientNoEvict)
        {
            client.Identity.IsNotEvicted = isOn;
        }

        output.Write(Replies.Ok);
    }

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
}
