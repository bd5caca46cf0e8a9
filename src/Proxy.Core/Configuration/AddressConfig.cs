namespace Proxy.Core.Configuration;

/// <summary>An address as written, cut into its parts: host and port, or the path of a Unix socket.</summary>
internal sealed record AddressConfig
{
    /// <summary>Host and port as written (<c>127.0.0.1:6380</c>), or the path.</summary>
    public required string Text { get; init; }

    /// <summary>The host without brackets; null for a Unix socket.</summary>
    public string? Host { get; init; }

    /// <summary>The port, 1 to 65535; 0 for a Unix socket.</summary>
    public int Port { get; init; }

    /// <summary>The path of a Unix socket; null for host and port.</summary>
    public string? Path { get; init; }

    /// <summary>The mode of the Unix socket's file, where one was written.</summary>
    public UnixFileMode? Mode { get; init; }
}
