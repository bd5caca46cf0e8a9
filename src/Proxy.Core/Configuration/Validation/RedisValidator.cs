namespace Proxy.Core.Configuration.Validation;

/// <summary>Every pool is one of Redis servers. twemproxy's default is memcached.</summary>
internal sealed class RedisValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        if (pool.Redis is { Value: false } written)
        {
            problems.Error(written.Place, "a memcached pool: this proxy speaks Redis only, which takes \"redis: true\"");
        }
        else if (isNutcracker && !pool.WrittenKeys.Contains("redis"))
        {
            problems.Error(pool.Place, "a memcached pool, as \"redis: true\" is missing and the default of a nutcracker.yml is false");
        }
    }
}
