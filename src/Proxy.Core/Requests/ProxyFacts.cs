using System.Security.Cryptography;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests;

/// <summary>What INFO, HELLO and ROLE say about the process. One for all workers.</summary>
internal sealed class ProxyFacts
{
    /// <summary>The Redis whose behaviour and texts the proxy has; told to clients until a server tells its own.</summary>
    public const string DefaultRedisVersion = "7.0.15";

    private readonly Func<string?> _lowestServerVersion;
    private readonly Func<Task> _askServers;
    private readonly Func<long> _clients;
    private readonly Func<long>? _blocked;

    /// <param name="proxyVersion">The program's own version.</param>
    /// <param name="transport">Name of the transport.</param>
    /// <param name="lowestServerVersion">The lowest version that a server told; null while none did.</param>
    /// <param name="askServers">Has the servers asked about themselves, once; complete when all have answered or failed to.</param>
    /// <param name="clients">Clients connected at the moment.</param>
    /// <param name="blocked">Those of them that wait at a server; null if nobody counts them.</param>
    public ProxyFacts(string proxyVersion, string transport, Func<string?> lowestServerVersion, Func<Task> askServers, Func<long> clients, Func<long>? blocked = null)
    {
        ProxyVersion = proxyVersion;
        Transport = transport;
        _lowestServerVersion = lowestServerVersion;
        _askServers = askServers;
        _clients = clients;
        _blocked = blocked;
    }

    /// <summary>The program's own version.</summary>
    public string ProxyVersion { get; }

    /// <summary>Name of the transport.</summary>
    public string Transport { get; }

    /// <summary>When the process began, UTC.</summary>
    public DateTime StartTime { get; } = DateTime.UtcNow;

    /// <summary>40 hexadecimal digits, new at each start, as a Redis server has.</summary>
    public string RunId { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    /// <summary>What clients are told as the server's version: clients decide by it what they may use, so it is the lowest.</summary>
    public string RedisVersion => _lowestServerVersion() ?? DefaultRedisVersion;

    /// <summary>Has the servers asked about themselves. They are asked once; complete when all have answered or failed to.</summary>
    public Task AskServers() => _askServers();

    /// <summary>
    /// Has the servers of a pool asked which commands they have, as somebody named one that nobody knows: at first, and again from time to time.
    /// Complete when it is time to look again.
    /// </summary>
    public Func<ServerPool, Task> AskForCommands { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Clients connected at the moment.</summary>
    public long Clients => _clients();

    /// <summary>Those of them that wait at a server for what others do.</summary>
    public long Blocked => _blocked?.Invoke() ?? 0;
}
