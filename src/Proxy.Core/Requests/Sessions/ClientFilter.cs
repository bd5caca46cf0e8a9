using System.Buffers;
using System.Text;
using Proxy.Core.Model;
using Proxy.Resp;

namespace Proxy.Core.Requests.Sessions;

/// <summary>Which clients CLIENT KILL means: those for which everything that was said holds.</summary>
internal sealed record ClientFilter
{
    /// <summary>Its number.</summary>
    public long? Id { get; private init; }

    /// <summary>Where it connects from.</summary>
    public string? Address { get; private init; }

    /// <summary>Where it connected to.</summary>
    public string? LocalAddress { get; private init; }

    /// <summary>Its type.</summary>
    public ClientType? Type { get; private init; }

    /// <summary>Its user.</summary>
    public string? User { get; private init; }

    /// <summary>The asking client is spared.</summary>
    public bool SkipMe { get; private init; } = true;

    /// <summary>The old form: an address and nothing else.</summary>
    public static ClientFilter OfAddress(ReadOnlySpan<byte> address) => new() { Address = Encoding.UTF8.GetString(address), SkipMe = false };

    /// <summary>Reads pairs of words from the third of a request on.</summary>
    /// <param name="frame">The request.</param>
    /// <param name="model">The pool, whose users they are.</param>
    /// <param name="error">Where an error goes, if it is none.</param>
    /// <returns>Null after an error.</returns>
    public static ClientFilter? Parse(in RequestFrame frame, PoolModel model, IBufferWriter<byte> error)
    {
        var filter = new ClientFilter();
        for (var i = 2; i < frame.Count; i += 2)
        {
            var value = i + 1 < frame.Count ? frame[i + 1] : default;
            if (i + 1 == frame.Count)
            {
                error.Write(Replies.SyntaxError);
                return null;
            }

            switch (Encoding.ASCII.GetString(frame[i]).ToUpperInvariant())
            {
                case "ID" when RedisInteger.TryParse(value, out var id) && id > 0:
                    filter = filter with { Id = id };
                    break;
                case "ID":
                    error.Write(Replies.ClientIdNotPositive);
                    return null;
                case "TYPE" when ClientTypes.Parse(value) is { } type:
                    filter = filter with { Type = type };
                    break;
                case "TYPE":
                    Replies.UnknownClientType(error, value);
                    return null;
                case "ADDR":
                    filter = filter with { Address = Encoding.UTF8.GetString(value) };
                    break;
                case "LADDR":
                    filter = filter with { LocalAddress = Encoding.UTF8.GetString(value) };
                    break;
                case "USER" when model.Users.IsEmpty ? value.SequenceEqual("default"u8) : model.FindUser(value) is not null:
                    filter = filter with { User = Encoding.UTF8.GetString(value) };
                    break;
                case "USER":
                    Replies.NoSuchUser(error, value);
                    return null;
                case "SKIPME" when Ascii.EqualsIgnoreCase(value, "yes"u8) || Ascii.EqualsIgnoreCase(value, "no"u8):
                    filter = filter with { SkipMe = Ascii.EqualsIgnoreCase(value, "yes"u8) };
                    break;
                default:
                    error.Write(Replies.SyntaxError);
                    return null;
            }
        }

        return filter;
    }

    /// <summary>Whether it means that client. On the client's worker.</summary>
    public bool Means(ClientSession client, long asker) =>
        (Id is null || Id == client.Id)
        && (Address is null || Address == client.RemoteAddress)
        && (LocalAddress is null || LocalAddress == client.LocalAddress)
        && (Type is null || Type == ClientTypes.Of(client))
        && (User is null || User == client.Login.UserName)
        && (!SkipMe || client.Id != asker)
        && !client.IsClosing;
}
