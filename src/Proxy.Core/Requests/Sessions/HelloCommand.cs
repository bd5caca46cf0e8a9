using System.Buffers;
using System.Text;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Resp;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Sessions;

/// <summary>
/// <c>HELLO [protover [AUTH username password] [SETNAME name]]</c>: who the client is, and which version of RESP it speaks. Requests
/// before it are answered in the former version.
/// </summary>
internal sealed class HelloCommand
{
    private readonly ProxyFacts _facts;
    private readonly PendingRequests _pending;

    public HelloCommand(ProxyFacts facts, PendingRequests pending)
    {
        _facts = facts;
        _pending = pending;
    }

    /// <inheritdoc cref="RequestRouter.Route"/>
    public bool Route(ClientSession client, CommandInfo command, in RequestFrame frame)
    {
        var version = (long)client.RespVersion;
        if (frame.Count > 1 && !RedisInteger.TryParse(frame[1], out version))
        {
            _pending.Answer(client, command, Replies.ProtocolVersionNotInteger);
            return true;
        }

        if (version is not (2 or 3) || (version == 3 && !client.Pool.Pool.KnowsResp3))
        {
            _pending.Answer(client, command, Replies.NoProto);
            return true;
        }

        var changesLane = version != client.RespVersion || (frame.Count > 2 && client.Login.MayChangeLane);
        if (changesLane && client.PutBack())
        {
            return false;
        }

        var pending = _pending.Begin(client, command);
        Answer(client, pending.Writer, (int)version, frame);
        pending.FinishWritten();
        return true;
    }

    /// <summary>Writes the reply to a request that is known not to change the version: in a transaction.</summary>
    public void AnswerWithoutChange(ClientSession client, IBufferWriter<byte> output, in RequestFrame frame)
    {
        var version = (long)client.RespVersion;
        if (frame.Count > 1 && !RedisInteger.TryParse(frame[1], out version))
        {
            output.Write(Replies.ProtocolVersionNotInteger);
        }
        else if (version != client.RespVersion)
        {
            output.Write(Replies.NoProto);
        }
        else
        {
            Answer(client, output, client.RespVersion, frame);
        }
    }

    /// <summary>Who the client will be when a queued HELLO has run; nothing happens.</summary>
    /// <inheritdoc cref="AuthCommand.UserAfter"/>
    public static UserModel? UserAfter(ClientSession client, UserModel? user, in RequestFrame frame)
    {
        if (frame.Count < 2 || !RedisInteger.TryParse(frame[1], out var version) || version != client.RespVersion)
        {
            return user;
        }

        for (var i = 2; i < frame.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(frame[i], "AUTH"u8) && i + 2 < frame.Count)
            {
                if (AuthCommand.UserOf(client, frame[i + 1], frame[i + 2], out _) is not { } other)
                {
                    return user;
                }

                user = other;
                i += 2;
            }
            else if (Ascii.EqualsIgnoreCase(frame[i], "SETNAME"u8) && i + 1 < frame.Count && ClientCommands.IsValidName(frame[i + 1]))
            {
                i++;
            }
            else
            {
                return user;
            }
        }

        return user;
    }

    // As Redis: each option counts when it is read, whatever is wrong with those behind it.
    private void Answer(ClientSession client, IBufferWriter<byte> output, int version, in RequestFrame frame)
    {
        for (var i = 2; i < frame.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(frame[i], "AUTH"u8) && i + 2 < frame.Count)
            {
                if (!AuthCommand.TryLogIn(client, frame[i + 1], frame[i + 2]))
                {
                    output.Write(Replies.WrongPass);
                    return;
                }

                i += 2;
            }
            else if (Ascii.EqualsIgnoreCase(frame[i], "SETNAME"u8) && i + 1 < frame.Count)
            {
                i++;
                if (!ClientCommands.TrySetName(client, frame[i]))
                {
                    output.Write(Replies.InvalidClientName);
                    return;
                }
            }
            else
            {
                Replies.HelloSyntaxError(output, frame[i]);
                return;
            }
        }

        if (!client.IsAuthenticated)
        {
            client.Counters.RequestFailed(RequestErrorReason.Noauth);
            output.Write(Replies.HelloNoAuth);
            return;
        }

        if (version != client.RespVersion)
        {
            client.ChangeProtocol(version);
        }

        WriteGreeting(client, output);
    }

    // Redis writes the map's keys as bulk strings, and some clients insist on it.
    private void WriteGreeting(ClientSession client, IBufferWriter<byte> output)
    {
        RespWriter.MapHeader(output, 7, client.RespVersion);
        RespWriter.Bulk(output, "server"u8);
        RespWriter.Bulk(output, "redis"u8);
        RespWriter.Bulk(output, "version"u8);
        RespWriter.Bulk(output, _facts.RedisVersion);
        RespWriter.Bulk(output, "proto"u8);
        RespWriter.Integer(output, client.RespVersion);
        RespWriter.Bulk(output, "id"u8);
        RespWriter.Integer(output, client.Id);
        RespWriter.Bulk(output, "mode"u8);
        RespWriter.Bulk(output, "standalone"u8);
        RespWriter.Bulk(output, "role"u8);
        RespWriter.Bulk(output, "master"u8);
        RespWriter.Bulk(output, "modules"u8);
        RespWriter.ArrayHeader(output, 0);
    }
}
