namespace Proxy.Resp.Commands;

/// <summary>What the proxy does with a command.</summary>
internal enum CommandHandling
{
    /// <summary>Its keys name the server; if they name several, CROSSSLOT.</summary>
    Forward,

    /// <summary>One fragment for each server, replies joined by <see cref="ResponsePolicy"/>.</summary>
    Split,

    /// <summary>To every server, replies joined.</summary>
    AllServers,

    /// <summary>To every server; replies joined in the command's own way (<see cref="LocalCommand"/>), for the most part of those servers that answer.</summary>
    Join,

    /// <summary>It names no key: to the first server in the order of the file that is not ejected, as it stands.</summary>
    FirstServer,

    /// <summary>To the server of its keys, where it waits for what others do: over a connection of its own.</summary>
    Block,

    /// <summary>To the servers that the client wrote to: waits until replicas have what it wrote.</summary>
    Wait,

    /// <summary>Answered by the proxy: see <see cref="LocalCommand"/>.</summary>
    Answer,

    /// <summary>
    /// Answered by the proxy as well, but changes how the client's other requests are handled: it may have to wait until everything before
    /// it is answered.
    /// </summary>
    Session,

    /// <summary>Pub/Sub by the name of a channel: to the channel's server, or over the connections that all subscribers share.</summary>
    Channel,

    /// <summary>About all keys of all servers, in a way of its own: see <see cref="LocalCommand"/>.</summary>
    Keyspace,

    /// <summary>About the scripts and functions of all servers, in a way of its own: see <see cref="LocalCommand"/>.</summary>
    Script,

    /// <summary>Never reaches a server: `-ERR command 'x' is not supported by this proxy`.</summary>
    Refuse,
}
