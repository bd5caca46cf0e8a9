namespace Proxy.Core.Configuration.Validation;

/// <summary>Each pool is valid in every topic.</summary>
internal sealed class PoolsValidator : IConfigValidator
{
    private static readonly IPoolValidator[] Topics =
    [
        new NamesValidator(),
        new RedisValidator(),
        new ServersValidator(),
        new WeightsValidator(),
        new RangeValidator(),
        new SlotsValidator(),
        new HashValidator(),
        new EjectionValidator(),
        new TimeoutsValidator(),
        new ClientConnectionsValidator(),
        new DenyCommandsValidator(),
        new UsersValidator(),
    ];

    /// <inheritdoc/>
    public void Validate(ProxyConfig config, ConfigProblems problems)
    {
        foreach (var pool in config.Pools)
        {
            foreach (var topic in Topics)
            {
                topic.Validate(pool, config.IsNutcracker, problems);
            }
        }
    }
}
