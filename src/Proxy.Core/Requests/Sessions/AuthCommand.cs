using System.Buffers;
using System.Security.Cryptography;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Resp;

namespace Proxy.Core.Requests.Sessions;

/// <summary>AUTH, and who somebody is.</summary>
internal static class AuthCommand
{
    /// <summary>In place of a user that does not exist: its password takes as long to compare.</summary>
    private static readonly UserModel Nobody = new("", []) { PasswordHashes = [new byte[SHA256.HashSizeInBytes]] };

    /// <summary><c>AUTH password</c> or <c>AUTH username password</c>.</summary>
    public static void Answer(ClientSession client, IBufferWriter<byte> output, in RequestFrame frame)
    {
        if (frame.Count > 3)
        {
            output.Write(Replies.SyntaxError);
            return;
        }

        if (frame.Count == 2 && client.Model.OpensWithoutPassword)
        {
            output.Write(Replies.AuthWithoutPassword);
            return;
        }

        var user = frame.Count == 3 ? frame[1] : "default"u8;
        output.Write(TryLogIn(client, user, frame[frame.Count - 1]) ? Replies.Ok : Replies.WrongPass);
    }

    /// <summary>Logs the client in if that is right; counts it if not, and then it stays who it was.</summary>
    public static bool TryLogIn(ClientSession client, ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        var model = client.Model;
        var user = model.FindUser(name);
        if (model.Users.IsEmpty ? IsPasswordOfThePool(model.Password, password) & name.SequenceEqual("default"u8) : (user ?? Nobody).Accepts(password) & user is not null)
        {
            client.Identity.WrongPasswords = 0;
            client.LogIn(user);
            return true;
        }

        client.Identity.WrongPasswords++;
        client.Counters.RequestFailed(RequestErrorReason.Wrongpass);
        return false;
    }

    private static bool IsPasswordOfThePool(byte[]? expected, ReadOnlySpan<byte> password)
    {
        // The comparison takes the same time for every password of a length; its hash hides the length too.
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> wanted = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, given);
        SHA256.HashData(expected ?? [], wanted);
        return expected is null || CryptographicOperations.FixedTimeEquals(given, wanted);
    }
}
