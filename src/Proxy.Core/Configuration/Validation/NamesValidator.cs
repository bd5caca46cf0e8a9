namespace Proxy.Core.Configuration.Validation;

/// <summary>Names of pools and servers stand in logs, statistics and tables, a line each: no control characters in them.</summary>
internal sealed class NamesValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        if (pool.Name.Any(char.IsControl))
        {
            problems.Error(pool.Place, "the name of a pool has no control characters");
        }
        foreach (var server in pool.Servers?.Value ?? [])
        {
            if (server.EffectiveName?.Any(char.IsControl) == true)
            {
                problems.Error(server.Place, "the name of a server has no control characters");
            }
        }
    }
}
