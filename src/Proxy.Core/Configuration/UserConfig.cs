namespace Proxy.Core.Configuration;

/// <summary>A user as written. What was not written is null.</summary>
internal sealed record UserConfig
{
    /// <summary>The name.</summary>
    public required Setting<string> Name { get; init; }

    /// <summary>Passwords. No message and no log ever shows them.</summary>
    public Setting<IReadOnlyList<Setting<string>>>? Passwords { get; init; }

    /// <summary>Files with one password each.</summary>
    public Setting<IReadOnlyList<Setting<string>>>? PasswordFiles { get; init; }

    /// <summary>SHA-256 of passwords, 64 hexadecimal digits.</summary>
    public Setting<IReadOnlyList<Setting<string>>>? PasswordHashes { get; init; }

    public Setting<bool>? NoPass { get; init; }

    public Setting<IReadOnlyList<Setting<string>>>? Commands { get; init; }

    public Setting<IReadOnlyList<Setting<string>>>? Keys { get; init; }

    public Setting<IReadOnlyList<Setting<string>>>? Channels { get; init; }

    public Setting<bool>? ReadOnly { get; init; }

    public Setting<string>? ServerUser { get; init; }

    public Setting<string>? ServerPassword { get; init; }

    public Setting<string>? ServerPasswordFile { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name.Value;
}
