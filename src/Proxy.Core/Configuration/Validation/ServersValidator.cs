namespace Proxy.Core.Configuration.Validation;

/// <summary>A pool has servers, and their names are distinct.</summary>
internal sealed class ServersValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        if (pool.Servers is null)
        {
            return;
        }
        if (pool.Servers.Value.Count == 0)
        {
            problems.Error(pool.Servers.Place, $"pool '{pool.Name}' has no servers");
        }
        var names = new HashSet<string>();
        foreach (var server in pool.Servers.Value)
        {
            if (server.EffectiveName is { } name && !names.Add(name))
            {
                problems.Error(server.Place, $"pool '{pool.Name}' has servers with same name '{name}'");
            }
        }
    }
}
