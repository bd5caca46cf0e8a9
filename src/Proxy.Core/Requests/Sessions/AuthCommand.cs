using System.Buffers;
using System.Security.Cryptography;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Resp;

namespace Proxy.Core.Requests.Sessions;

/// <summary>AUTH, and who somebody is.</summary>
internal static class AuthCommand
{
    /// <summary>Wrong passwords in a row after which each costs <see cref="WrongPasswordPause"/>: people err, programs guess.</summary>
    private const int PatientWith = 10;

    private static readonly TimeSpan WrongPasswordPause = TimeSpan.FromSeconds(1);

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

    /// <summary>Who the client will be when a queued AUTH has run; nothing happens.</summary>
    /// <param name="client">Whose pool has users.</param>
    /// <param name="user">Who it is before.</param>
    /// <param name="frame">The request.</param>
    public static UserModel? UserAfter(ClientSession client, UserModel? user, in RequestFrame frame)
    {
        var isRefused = frame.Count > 3 || (frame.Count == 2 && client.Model.OpensWithoutPassword);
        return isRefused ? user : UserOf(client, frame.Count == 3 ? frame[1] : "default"u8, frame[frame.Count - 1], out _) ?? user;
    }

    /// <summary>The user of a pool that has some, if that is its password; else null.</summary>
    /// <inheritdoc cref="UserModel.Accepts"/>
    public static UserModel? UserOf(ClientSession client, ReadOnlySpan<byte> name, ReadOnlySpan<byte> password, out byte[]? hash)
    {
        var user = client.Model.FindUser(name);
        return (user ?? Nobody).Accepts(password, out hash) & user is not null ? user : null;
    }

    /// <summary>Whether a client may give so many more passwords without a pause, should all be wrong.</summary>
    public static bool HasPatience(ClientSession client, int more) => client.Identity.WrongPasswords + more < PatientWith;

    /// <summary>Logs the client in if that is right; counts it if not, and then it stays who it was.</summary>
    public static bool TryLogIn(ClientSession client, ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        var model = client.Model;
        byte[]? hash = null;
        var user = model.Users.IsEmpty ? null : UserOf(client, name, password, out hash);
        if (user is not null || (model.Users.IsEmpty && IsPasswordOfThePool(model.Password, password) & name.SequenceEqual("default"u8)))
        {
            client.Identity.WrongPasswords = 0;
            client.Login.As(user, hash);
            return true;
        }

        client.Counters.RequestFailed(RequestErrorReason.Wrongpass);
        if (++client.Identity.WrongPasswords >= PatientWith)
        {
            client.HoldUntil(Task.Delay(WrongPasswordPause));
        }

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
