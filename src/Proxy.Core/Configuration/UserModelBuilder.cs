using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Proxy.Core.Model;
using Proxy.Resp.Commands;

namespace Proxy.Core.Configuration;

/// <summary>Makes the models of a pool's users, which have no errors.</summary>
internal static class UserModelBuilder
{
    /// <summary>Builds them. Beside others, a default user that is not written has <c>redis_auth</c>, if there is one.</summary>
    public static ImmutableArray<UserModel> Build(PoolConfig pool)
    {
        var users = pool.Users.Select(Build).ToList();
        if (users.Count > 0 && pool.RedisAuth is { } password && !users.Exists(user => user.Name == "default"))
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(password.Value));
            users.Add(new UserModel("default", CommandRules.Apply(["+@all"])) { PasswordHashes = [hash] });
        }

        return users.Count == 0 ? [] : [.. users];
    }

    private static UserModel Build(UserConfig user)
    {
        List<string> rules = user.Commands is { } written ? [.. written.Value.Select(rule => rule.Value)] : ["+@all"];
        var commands = CommandRules.Apply(rules);
        var isReadOnly = user.ReadOnly?.Value == true;
        if (isReadOnly)
        {
            foreach (var command in CommandTable.All.Where(command => command.IsWrite || command.Name is "eval" or "evalsha" or "fcall"))
            {
                commands[command.Index] = false;
            }
        }

        return new UserModel(user.Name.Value, commands)
        {
            Learnt = CommandRules.Learnt(rules, isReadOnly),
            NoPassword = user.NoPass?.Value == true,
            PasswordHashes = [.. Hashes(user)],
            ServerUser = user.ServerUser is { } name ? new ServerUserModel(name.Value, ServerPassword(user)) : null,
            Keys = user.Keys is { } keys ? [.. Merged(keys.Value.Select(key => Parse(key.Value)))] : UserModel.EveryKey,
            Channels = user.Channels is { } channels
                ? [.. channels.Value.Select(channel => Encoding.UTF8.GetBytes(channel.Value))]
                : UserModel.EveryChannel,
        };
    }

    private static IEnumerable<byte[]> Hashes(UserConfig user)
    {
        foreach (var password in user.Passwords?.Value ?? [])
        {
            yield return SHA256.HashData(Encoding.UTF8.GetBytes(password.Value));
        }

        foreach (var file in user.PasswordFiles?.Value ?? [])
        {
            // It was there when the file was checked. Without it there is one password fewer, and not an empty one.
            if (SecretFile.TryRead(file.Value, out var secret) is null)
            {
                yield return SHA256.HashData(secret);
            }
        }

        foreach (var hash in user.PasswordHashes?.Value ?? [])
        {
            yield return Convert.FromHexString(hash.Value);
        }
    }

    private static byte[] ServerPassword(UserConfig user)
    {
        if (user.ServerPasswordFile is { } file)
        {
            SecretFile.TryRead(file.Value, out var secret);
            return secret;
        }

        return Encoding.UTF8.GetBytes(user.ServerPassword?.Value ?? "");
    }

    // As Redis: what is said of one pattern in several places holds together.
    private static IEnumerable<KeyPattern> Merged(IEnumerable<KeyPattern> patterns) => patterns
        .GroupBy(pattern => Convert.ToHexString(pattern.Pattern))
        .Select(same => new KeyPattern(same.First().Pattern, same.Any(pattern => pattern.Reads), same.Any(pattern => pattern.Writes)));

    private static KeyPattern Parse(string text) => KeyPattern.TryParse(text, out var pattern) ? pattern : default;
}
