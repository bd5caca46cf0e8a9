using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Proxy.Resp.Commands;

namespace Proxy.Core.Model;

/// <summary>A user of a pool: how it logs in and what it may do. Immutable; what it may do is looked up, not parsed, per request.</summary>
internal sealed class UserModel
{
    /// <summary>The keys of a user that may use all.</summary>
    public static readonly ImmutableArray<KeyPattern> EveryKey = [new KeyPattern([.. "*"u8], Reads: true, Writes: true)];

    /// <summary>The channels of a user that may use all.</summary>
    public static readonly ImmutableArray<byte[]> EveryChannel = [[.. "*"u8]];

    private readonly bool[] _commands;

    /// <param name="name">Its name.</param>
    /// <param name="commands">By <see cref="CommandInfo.Index"/>: whether it may run the command.</param>
    public UserModel(string name, bool[] commands)
    {
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        _commands = commands;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its name as clients write it.</summary>
    public ReadOnlyMemory<byte> Utf8Name { get; }

    /// <summary>Any password is right.</summary>
    public bool NoPassword { get; init; }

    /// <summary>SHA-256 of each password.</summary>
    public ImmutableArray<byte[]> PasswordHashes { get; init; } = [];

    /// <summary>The keys it may use.</summary>
    public ImmutableArray<KeyPattern> Keys
    {
        get;
        init
        {
            field = value;
            ReadsAllKeys = value.Any(key => key.Reads && key.IsEvery);
            AllKeys = value.Any(key => key.Reads && key.Writes && key.IsEvery);
        }
    } = EveryKey;

    /// <summary>The channels it may use, as globs.</summary>
    public ImmutableArray<byte[]> Channels
    {
        get;
        init
        {
            field = value;
            AllChannels = value.Any(channel => channel.AsSpan().SequenceEqual("*"u8));
        }
    } = EveryChannel;

    /// <summary>As whom its requests run at the servers; null for <c>redis_auth</c>.</summary>
    public ServerUserModel? ServerUser { get; init; }

    /// <summary>True if nothing has to be checked.</summary>
    public bool IsUnrestricted => AllKeys && AllChannels && Array.TrueForAll(_commands, allowed => allowed);

    /// <summary>True if it may use every key in every way.</summary>
    public bool AllKeys { get; private init; } = true;

    /// <summary>True if it may read every key.</summary>
    public bool ReadsAllKeys { get; private init; } = true;

    /// <summary>True if it may use every channel.</summary>
    public bool AllChannels { get; private init; } = true;

    /// <summary>Whether it may run a command.</summary>
    public bool Allows(CommandInfo command) => _commands[command.Index];

    /// <summary>Whether a password is one of its own. Takes the same time for every password and every number of wrong ones.</summary>
    public bool Accepts(ReadOnlySpan<byte> password)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, given);
        var isRight = NoPassword;
        foreach (var hash in PasswordHashes)
        {
            isRight |= CryptographicOperations.FixedTimeEquals(given, hash);
        }

        return isRight;
    }

    /// <summary>Whether clients of the one may stay clients of the other: they logged in with what still holds.</summary>
    public bool LogsInLike(UserModel other) =>
        NoPassword == other.NoPassword
        && PasswordHashes.Length == other.PasswordHashes.Length
        && PasswordHashes.Zip(other.PasswordHashes).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    /// <summary>Whether both are configured alike.</summary>
    public bool IsLike(UserModel other) =>
        Name == other.Name
        && LogsInLike(other)
        && _commands.AsSpan().SequenceEqual(other._commands)
        && Keys.Length == other.Keys.Length
        && Keys.Zip(other.Keys).All(pair => pair.First.Reads == pair.Second.Reads && pair.First.Writes == pair.Second.Writes
            && pair.First.Pattern.AsSpan().SequenceEqual(pair.Second.Pattern))
        && Channels.Length == other.Channels.Length
        && Channels.Zip(other.Channels).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))
        && Equals(ServerUser, other.ServerUser);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
