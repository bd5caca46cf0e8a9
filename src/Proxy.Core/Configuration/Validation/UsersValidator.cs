using Proxy.Core.Model;

namespace Proxy.Core.Configuration.Validation;

/// <summary>Users can log in, in one way, and what they may do exists.</summary>
internal sealed class UsersValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        foreach (var user in pool.Users)
        {
            if (user.Name.Value.Length == 0 || user.Name.Value.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                problems.Error(user.Name.Place, "a user's name has to be printable, without blanks");
            }

            ValidatePasswords(user, problems);
            ValidateRights(user, problems);
            ValidateServerUser(user, pool, problems);
        }

        if (pool.Users.Count > 1 && pool.Users.FirstOrDefault(user => user.Name.Value == "default") is { NoPass: { Value: true } open })
        {
            problems.Warning(open.Place, "the default user needs no password, so that nobody has to log in as another");
        }
    }

    private static void ValidatePasswords(UserConfig user, ConfigProblems problems)
    {
        var hasPassword = user.Passwords?.Value.Count > 0 || user.PasswordFiles?.Value.Count > 0 || user.PasswordHashes?.Value.Count > 0;
        if (hasPassword == (user.NoPass?.Value == true))
        {
            problems.Error(
                user.Name.Place,
                hasPassword
                    ? "a user with \"nopass: true\" has no password"
                    : "needs \"password\", \"password_file\", \"password_hash\" or \"nopass: true\"");
        }

        foreach (var hash in user.PasswordHashes?.Value ?? [])
        {
            if (hash.Value.Length != 64 || !hash.Value.All(char.IsAsciiHexDigit))
            {
                problems.Error(hash.Place, "directive \"password_hash\" has to be a SHA-256 of 64 hexadecimal digits");
            }
        }

        foreach (var file in user.PasswordFiles?.Value ?? [])
        {
            ValidateFile(file, problems);
        }
    }

    private static void ValidateRights(UserConfig user, ConfigProblems problems)
    {
        foreach (var rule in user.Commands?.Value ?? [])
        {
            if (CommandRules.ProblemOf(rule.Value) is { } problem)
            {
                problems.Error(rule.Place, problem);
            }
        }

        if (user.Commands is { } commands && commands.Value.All(rule => rule.Value.StartsWith('-')))
        {
            problems.Warning(commands.Place, "allows no command: rules take away from what those before them allow, like \"+@all\"");
        }

        foreach (var key in user.Keys?.Value ?? [])
        {
            if (!KeyPattern.TryParse(key.Value, out _))
            {
                problems.Error(key.Place, $"not a pattern of keys, like app:*, %R~app:* or %W~app:*: '{key.Value}'");
            }
        }
    }

    private static void ValidateServerUser(UserConfig user, PoolConfig pool, ConfigProblems problems)
    {
        if (user.ServerUser is not { } name)
        {
            if ((user.ServerPassword ?? user.ServerPasswordFile) is { } lonely)
            {
                problems.Error(lonely.Place, "needs \"server_user\"");
            }

            return;
        }

        if (user.ServerPassword is not null == user.ServerPasswordFile is not null)
        {
            problems.Error(name.Place, "directive \"server_user\" needs \"server_password\" or \"server_password_file\"");
        }

        if (user.ServerPasswordFile is { } file)
        {
            ValidateFile(file, problems);
        }

        foreach (var other in pool.Users.TakeWhile(other => other != user))
        {
            if (other.ServerUser?.Value == name.Value
                && (other.ServerPassword?.Value != user.ServerPassword?.Value || other.ServerPasswordFile?.Value != user.ServerPasswordFile?.Value))
            {
                problems.Error(name.Place, $"server_user '{name.Value}' has another password with user '{other.Name.Value}'");
            }
        }
    }

    private static void ValidateFile(Setting<string> file, ConfigProblems problems)
    {
        if (SecretFile.TryRead(file.Value, out _) is { } problem)
        {
            problems.Error(file.Place, $"the file '{file.Value}' {problem}");
        }
    }
}
