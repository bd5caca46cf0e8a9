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

    /// <summary>What it may run of the commands that only servers know.</summary>
    public LearntPermissions Learnt { get; init; } = LearntPermissions.All;

    /// <summary>As whom its requests run at the servers; null for <c>redis_auth</c>.</summary>
    public ServerUserModel? ServerUser { get; init; }

    /// <summary>True if nothing has to be checked.</summary>
    public bool IsUnrestricted => AllKeys && AllChannels && Learnt.AllowsAll && Array.TrueForAll(_commands, allowed => allowed);

    /// <summary>True if it may use every key in every way.</summary>
    public bool AllKeys { get; private init; } = true;

    /// <summary>True if it may read every key.</summary>
    public bool ReadsAllKeys { get; private init; } = true;

    /// <summary>True if it may use every channel.</summary>
    public bool AllChannels { get; private init; } = true;

    /// <summary>Whether it may run a command.</summary>
    public bool Allows(CommandInfo command) => command.IsLearnt ? Learnt.Allows(command) : _commands[command.Index];

    /// <summary>Whether it may use a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="reads">Whether its value is read.</param>
    /// <param name="writes">Whether it is changed.</param>
    public bool AllowsKey(ReadOnlySpan<byte> key, bool reads, bool writes)
    {
        foreach (var pattern in Keys)
        {
            if ((!reads || pattern.Reads) && (!writes || pattern.Writes) && GlobPattern.Matches(pattern.Pattern, key, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it may use a channel.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isPattern">Whether the name is a pattern, which has to stand among the channels as it is.</param>
    public bool AllowsChannel(ReadOnlySpan<byte> name, bool isPattern)
    {
        foreach (var channel in Channels)
        {
            if (isPattern ? name.SequenceEqual(channel) : GlobPattern.Matches(channel, name, ignoreCase: false))
            {
                return true;
            }
        }

        return AllChannels;
    }

    /// <summary>Whether a password is one of its own. Takes the same time for every password, whichever of them it is.</summary>
    /// <param name="password">What was given.</param>
    /// <param name="hash">The hash of the one that is right; null if none is, or any.</param>
    public bool Accepts(ReadOnlySpan<byte> password, out byte[]? hash)
    {
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, given);
        hash = null;
        foreach (var expected in PasswordHashes)
        {
            hash = CryptographicOperations.FixedTimeEquals(given, expected) ? expected : hash;
        }

        return NoPassword || hash is not null;
    }

    /// <summary>Whether one of its passwords has that hash.</summary>
    public bool HasPassword(byte[] hash) => PasswordHashes.Any(other => other.AsSpan().SequenceEqual(hash));

    /// <summary>Whether both are configured alike.</summary>
    public bool IsLike(UserModel other) =>
        Name == other.Name
        && NoPassword == other.NoPassword
        && PasswordHashes.Length == other.PasswordHashes.Length
        && PasswordHashes.Zip(other.PasswordHashes).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))
        && Learnt == other.Learnt
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
