namespace Proxy.Core.Model;

/// <summary>As whom connections to servers log in. Equal by name and password.</summary>
/// <param name="name">The user's name on the servers.</param>
/// <param name="password">Its password there. Never logged.</param>
internal sealed class ServerUserModel(string name, byte[] password) : IEquatable<ServerUserModel>
{
    /// <summary>The user's name on the servers.</summary>
    public string Name { get; } = name;

    /// <summary>Its password there. Never logged.</summary>
    public byte[] Password { get; } = password;

    /// <inheritdoc/>
    public bool Equals(ServerUserModel? other) => other is not null && Name == other.Name && Password.AsSpan().SequenceEqual(other.Password);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ServerUserModel);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
