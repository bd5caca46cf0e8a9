using System.Net;

namespace Proxy.Core.Configuration.Validation;

/// <summary>Every pool listens somewhere, and no two things at the same place.</summary>
internal sealed class ListenValidator(HostResolver resolver) : IConfigValidator
{
    /// <inheritdoc/>
    public void Validate(ProxyConfig config, ConfigProblems problems)
    {
        var taken = new Dictionary<EndPoint, PoolConfig>();
        foreach (var pool in config.Pools)
        {
            if (pool.Listen is null || Resolve(pool.Listen, "listen", problems) is not { } endPoint)
            {
                continue;
            }
            if (taken.TryGetValue(endPoint, out var other))
            {
                problems.Error(
                    pool.Listen.Place,
                    $"pools '{other.Name}' and '{pool.Name}' have the same listen address '{pool.Listen.Value.Text}'");
            }
            taken.TryAdd(endPoint, pool);
        }
        ValidateProcess(config.Process.Admin, "admin", taken, problems);
        ValidateProcess(config.Process.Stats, "stats", taken, problems);
        if (config.Process is { Admin.Value: { } admin, Stats.Value: { } stats }
            && resolver.Resolve(admin) is { } adminEndPoint
            && adminEndPoint.Equals(resolver.Resolve(stats)))
        {
            problems.Error(config.Process.Stats.Place, $"admin and stats have the same address '{stats.Text}'");
        }
    }

    private void ValidateProcess(
        Setting<AddressConfig?>? written, string key, Dictionary<EndPoint, PoolConfig> taken, ConfigProblems problems)
    {
        if (written?.Value is not { } address
            || Resolve(new Setting<AddressConfig>(address, written.Place), key, problems) is not { } endPoint)
        {
            return;
        }
        if (taken.TryGetValue(endPoint, out var pool))
        {
            problems.Error(written.Place, $"pool '{pool.Name}' and {key} have the same address '{address.Text}'");
        }
    }

    private EndPoint? Resolve(Setting<AddressConfig> written, string key, ConfigProblems problems)
    {
        var endPoint = resolver.Resolve(written.Value);
        if (endPoint is null)
        {
            problems.Error(written.Place, $"directive \"{key}\" has an invalid value: host '{written.Value.Host}' is not known");
        }
        return endPoint;
    }
}
