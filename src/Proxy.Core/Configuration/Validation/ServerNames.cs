namespace Proxy.Core.Configuration.Validation;

/// <summary>Sections that name servers of their pool.</summary>
internal static class ServerNames
{
    /// <summary>Reports a name that no server of the pool has.</summary>
    public static void RequireKnown(PoolConfig pool, Setting<string> name, ConfigProblems problems)
    {
        // Where a server cannot be read, the name may be its; that is reported there.
        if (pool.Servers is null || pool.Servers.Value.Any(server => server.EffectiveName is null))
        {
            return;
        }
        var known = pool.Servers.Value.Select(server => server.EffectiveName!).ToList();
        if (!known.Contains(name.Value))
        {
            problems.Error(name.Place, $"pool '{pool.Name}' has no server '{name.Value}'{Spelling.Suggest(name.Value, known)}");
        }
    }
}
