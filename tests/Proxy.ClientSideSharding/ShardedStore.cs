using Proxy.Partitioning;
using StackExchange.Redis;

namespace Proxy.ClientSideSharding;

/// <summary>A key-value store over many Redis servers. It connects to a server when the first of its keys is used.</summary>
internal sealed class ShardedStore(IReadOnlyList<Server> servers, PartitionerOptions options) : IAsyncDisposable
{
    private readonly Partitioner _partitioner = Partitioner.Create(options);
    private readonly Dictionary<Server, ConnectionMultiplexer> _connections = [];

    /// <summary>The server of a key, or null if none takes it.</summary>
    internal Server? ServerOf(string key) => _partitioner.Route(key) is >= 0 and var member ? servers[member] : null;

    /// <summary>Stores a value.</summary>
    /// <exception cref="KeyNotFoundException">No server takes the key.</exception>
    internal async Task SetAsync(string key, string value) => await (await DatabaseOfAsync(key)).StringSetAsync(key, value);

    /// <summary>The value of a key, or null if there is none.</summary>
    /// <exception cref="KeyNotFoundException">No server takes the key.</exception>
    internal async Task<string?> GetAsync(string key) => await (await DatabaseOfAsync(key)).StringGetAsync(key);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<IDatabase> DatabaseOfAsync(string key)
    {
        var server = ServerOf(key) ?? throw new KeyNotFoundException($"no server takes the key '{key}'");
        if (!_connections.TryGetValue(server, out var connection))
        {
            connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { { server.Host, server.Port } } });
            _connections.Add(server, connection);
        }

        return connection.GetDatabase();
    }
}
