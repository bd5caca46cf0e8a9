namespace Proxy.Core.Configuration.Validation;

/// <summary>twemproxy reads <c>client_connections</c> and forgets it, so that an old file may hold a limit that nobody ever felt.</summary>
internal sealed class ClientConnectionsValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        if (isNutcracker && pool.ClientConnections is { Value: > 0 } limit)
        {
            problems.Warning(
                limit.Place,
                $"directive \"client_connections\" limits the pool to {limit.Value} clients; twemproxy ignores it");
        }
    }
}
