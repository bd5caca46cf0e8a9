using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Proxy.Core.Metrics;
using Proxy.Resp;

namespace Proxy.Core.Requests;

/// <summary>AUTH and HELLO: who the client is, and which protocol it speaks.</summary>
internal sealed class AuthCommands
{
    private readonly ProxyFacts _facts;

    public AuthCommands(ProxyFacts facts)
    {
        _facts = facts;
    }

    /// <summary><c>AUTH password</c> or <c>AUTH username password</c>.</summary>
    public void Auth(ClientSession client, IBufferWriter<byte> output, in RequestFrame frame)
    {
        if (frame.Count > 3)
        {
            output.Write(Replies.SyntaxError);
            return;
        }

        if (frame.Count == 2 && client.Model.Password is null)
        {
            output.Write(Replies.AuthWithoutPassword);
            return;
        }

        var user = frame.Count == 3 ? frame[1] : "default"u8;
        output.Write(TryLogIn(client, user, frame[frame.Count - 1]) ? Replies.Ok : Replies.WrongPass);
    }

    /// <summary><c>HELLO [protover [AUTH username password] [SETNAME name]]</c>. Everything is checked before anything changes.</summary>
    public void Hello(ClientSession client, IBufferWriter<byte> output, in RequestFrame frame)
    {
        if (frame.Count > 1)
        {
            if (!RedisInteger.TryParse(frame[1], out var version))
            {
                output.Write(Replies.ProtocolVersionNotInteger);
                return;
            }

            if (version != 2)
            {
                output.Write(Replies.NoProto);
                return;
            }
        }

        var user = ReadOnlySpan<byte>.Empty;
        var password = ReadOnlySpan<byte>.Empty;
        var name = ReadOnlySpan<byte>.Empty;
        var hasAuth = false;
        var hasName = false;
        for (var i = 2; i < frame.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(frame[i], "AUTH"u8) && i + 2 < frame.Count)
            {
                hasAuth = true;
                user = frame[i + 1];
                password = frame[i + 2];
                i += 2;
            }
            else if (Ascii.EqualsIgnoreCase(frame[i], "SETNAME"u8) && i + 1 < frame.Count)
            {
                hasName = true;
                name = frame[++i];
                if (!ClientCommands.IsValidName(name))
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

        if (hasAuth && !TryLogIn(client, user, password))
        {
            output.Write(Replies.WrongPass);
            return;
        }

        if (!client.Identity.Authenticated)
        {
            client.Counters.RequestFailed(RequestErrorReason.Noauth);
            output.Write(Replies.HelloNoAuth);
            return;
        }

        if (hasName)
        {
            client.Identity.Name = name.ToArray();
        }

        WriteGreeting(client, output);
    }

    // Redis writes the map's keys as bulk strings, and some clients insist on it.
    private void WriteGreeting(ClientSession client, IBufferWriter<byte> output)
    {
        RespWriter.ArrayHeader(output, 14);
        RespWriter.Bulk(output, "server"u8);
        RespWriter.Bulk(output, "redis"u8);
        RespWriter.Bulk(output, "version"u8);
        RespWriter.Bulk(output, Encoding.ASCII.GetBytes(_facts.RedisVersion));
        RespWriter.Bulk(output, "proto"u8);
        RespWriter.Integer(output, 2);
        RespWriter.Bulk(output, "id"u8);
        RespWriter.Integer(output, client.Id);
        RespWriter.Bulk(output, "mode"u8);
        RespWriter.Bulk(output, "standalone"u8);
        RespWriter.Bulk(output, "role"u8);
        RespWriter.Bulk(output, "master"u8);
        RespWriter.Bulk(output, "modules"u8);
        RespWriter.ArrayHeader(output, 0);
    }

    private static bool TryLogIn(ClientSession client, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        var expected = client.Model.Password;

        // The comparison takes the same time for every password of a length; its hash hides the length too.
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> wanted = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, given);
        SHA256.HashData(expected ?? [], wanted);
        var right = expected is null || CryptographicOperations.FixedTimeEquals(given, wanted);
        if (right && user.SequenceEqual("default"u8))
        {
            client.Identity.Authenticated = true;
            client.OnAuthenticationChanged();
            return true;
        }

        client.Counters.RequestFailed(RequestErrorReason.Wrongpass);
        return false;
    }
}
