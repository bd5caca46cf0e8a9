using System.Net;

namespace Proxy.Core.Model;

/// <summary>One end of a connection: what was written, and what it means.</summary>
internal sealed record AddressModel
{
    /// <summary>
    /// The address as people read it, without weight, name and file mode: <c>127.0.0.1:6380</c>, <c>::1:6380</c>, <c>/run/redis.sock</c>.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>
    /// An <see cref="IPEndPoint"/>, a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>, or, for servers only, a
    /// <see cref="DnsEndPoint"/>, which is resolved at every connect.
    /// </summary>
    public required EndPoint EndPoint { get; init; }

    /// <summary>The mode of a Unix socket's file after bind; null leaves it to the process's umask.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
