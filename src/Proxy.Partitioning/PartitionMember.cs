namespace Proxy.Partitioning;

/// <summary>One of the servers (or shards) that keys are spread over.</summary>
/// <param name="Name">
/// What places it: ketama hashes it (as UTF-8), and ketama, modula and random sort by it. Unique among the members.
/// <see cref="DefaultName"/> and <see cref="DefaultSocketName"/> give the name of a server that the configuration does not name.
/// </param>
/// <param name="Weight">Its share for ketama and modula, at least 1; 1 for slots and range, which have their own shares.</param>
public sealed record PartitionMember(string Name, int Weight = 1)
{
    // The port of memcached: libmemcached leaves it out of the name, and twemproxy follows.
    private const int OmittedPort = 11211;

    /// <summary>The name that twemproxy gives to a server without one: <c>host:port</c>, but the host alone for port 11211.</summary>
    /// <param name="host">Host name or address as the configuration writes it.</param>
    /// <param name="port">The port as the configuration writes it: a leading zero is part of the name.</param>
    public static string DefaultName(string host, string port) =>
        int.TryParse(port, out var number) && number == OmittedPort ? host : $"{host}:{port}";

    /// <summary>The name that twemproxy gives to a Unix socket without one: the path and a colon.</summary>
    public static string DefaultSocketName(string path) => path + ":";
}
