using Proxy.Core.Model;

namespace Proxy.Core.Configuration.Validation;

/// <summary>Times that contradict each other.</summary>
internal sealed class TimeoutsValidator : IPoolValidator
{
    /// <inheritdoc/>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems)
    {
        var least = pool.ReconnectBackoff.Min?.Value ?? PoolModel.DefaultReconnectBackoff.MinMs;
        var most = pool.ReconnectBackoff.Max?.Value ?? PoolModel.DefaultReconnectBackoff.MaxMs;
        if (least > most && (pool.ReconnectBackoff.Max ?? pool.ReconnectBackoff.Min) is { } written)
        {
            problems.Error(written.Place, $"the longest wait ({most} ms) is below the first ({least} ms)");
        }
        if (pool.Timeout is { } timeout && timeout.Value > (pool.ServerHardTimeout?.Value ?? PoolModel.DefaultServerHardTimeoutMs))
        {
            problems.Warning(timeout.Place, "directive \"timeout\" is above server_hard_timeout, which closes the connection first");
        }
    }
}
