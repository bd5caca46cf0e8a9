using System.Buffers;
using System.Security.Cryptography;
using Proxy.Core.Metrics;
using Proxy.Resp;

namespace Proxy.Core.Requests.Sessions;

/// <summary>AUTH, and the comparison of passwords.</summary>
internal static class AuthCommand
{
    /// <summary><c>AUTH password</c> or <c>AUTH username password</c>.</summary>
    public static void Answer(ClientSession client, IBufferWriter<byte> output, in RequestFrame frame)
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

    /// <summary>Logs the client in if that is right; counts it if not.</summary>
    public static bool TryLogIn(ClientSession client, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
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
            client.SetAuthenticated(true);
            return true;
        }

        client.Counters.RequestFailed(RequestErrorReason.Wrongpass);
        return false;
    }
}
