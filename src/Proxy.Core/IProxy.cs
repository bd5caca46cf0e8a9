using Proxy.Core.Metrics;
using Proxy.Core.Model;

namespace Proxy.Core;

/// <summary>
/// The running proxy as the host sees it. One at a time: <see cref="StartAsync"/>, then any number of <see cref="ReloadAsync"/> one after the other,
/// then <see cref="DrainAsync"/>. Disposing it closes at once whatever is still open.
/// </summary>
internal interface IProxy : IAsyncDisposable
{
    /// <summary>Its statistics. May be asked at any time.</summary>
    public IStatisticsSource Statistics { get; }

    /// <summary>Whether its loops turn. May be asked at any time.</summary>
    public IWorkerHealth Health { get; }

    /// <summary>Binds all listeners and begins to serve; does not wait for a server.</summary>
    /// <exception cref="ProxyStartException">An address cannot be bound; nothing is left bound.</exception>
    public Task StartAsync();

    /// <summary>Changes to another model as a whole; clients of unchanged listeners stay connected.</summary>
    /// <exception cref="ProxyStartException">A new address cannot be bound; the old model goes on.</exception>
    public Task<ReloadSummary> ReloadAsync(ProxyModel model);

    /// <summary>Stops accepting, answers what is in flight and closes; what is still open after <paramref name="timeout"/> is closed as it is.</summary>
    public Task DrainAsync(TimeSpan timeout);
}
