using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Proxy.Core;
using Proxy.Core.Model;
using Proxy.Host.Admin;
using Proxy.Host.Statistics;

namespace Proxy.Host.Serving;

/// <summary>The endpoints for those who operate the proxy: the statistics port and the admin endpoint, each of which may be off.</summary>
internal sealed partial class OperationsEndpoints : IAsyncDisposable
{
    private static readonly TimeSpan StatsClientTimeout = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger;
    private StatsServer? _stats;
    private AdminServer? _admin;

    private OperationsEndpoints(ILogger logger) => _logger = logger;

    /// <summary>Binds what the model names. A default address that is taken is only a warning.</summary>
    /// <exception cref="ProxyStartException">An address that somebody wrote cannot be bound; nothing is left bound.</exception>
    public static async Task<OperationsEndpoints> StartAsync(
        ProcessModel model, IProxy proxy, Readiness readiness, ReloadStatistics reloads, TimeProvider clock, ILoggerFactory loggers)
    {
        var endpoints = new OperationsEndpoints(loggers.CreateLogger<OperationsEndpoints>());
        var report = new StatisticsReport(proxy.Statistics, clock);
        try
        {
            if (model.Stats != null)
            {
                endpoints.StartStats(model.Stats, model.StatsIsDefault, report, loggers);
            }

            if (model.Admin != null)
            {
                var metrics = new Lazy<MetricsPage>(() => new MetricsPage(proxy.Statistics, reloads, clock, loggers.CreateLogger<MetricsPage>()));
                var pages = new AdminPages(metrics, report, new Liveness(proxy.Health), readiness);
                await endpoints.StartAdminAsync(model.Admin, model.AdminIsDefault, pages, loggers);
            }

            return endpoints;
        }
        catch
        {
            await endpoints.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_admin != null)
        {
            await _admin.DisposeAsync();
        }

        if (_stats != null)
        {
            await _stats.DisposeAsync();
        }
    }

    private void StartStats(AddressModel address, bool isDefault, StatisticsReport report, ILoggerFactory loggers)
    {
        try
        {
            _stats = StatsServer.Start(address, report.Document, StatsClientTimeout, loggers.CreateLogger<StatsServer>());
            Log.StatsListening(_logger, address.Text);
        }
        catch (SocketException failure)
        {
            OnBindFailure("statistics", address, isDefault, failure);
        }
    }

    private async Task StartAdminAsync(AddressModel address, bool isDefault, AdminPages pages, ILoggerFactory loggers)
    {
        try
        {
            _admin = await AdminServer.StartAsync(address, pages, loggers);
            Log.AdminListening(_logger, address.Text);
        }
        catch (IOException failure)
        {
            OnBindFailure("admin", address, isDefault, failure);
        }
    }

    private void OnBindFailure(string endpoint, AddressModel address, bool isDefault, Exception failure)
    {
        if (!isDefault)
        {
            throw new ProxyStartException($"cannot listen on {address} ({endpoint}): {failure.Message}", failure);
        }

        Log.DefaultAddressTaken(_logger, address.Text, endpoint, failure.Message);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "listening: statistics on {Address}")]
        public static partial void StatsListening(ILogger logger, string address);

        [LoggerMessage(LogLevel.Information, "listening: admin endpoint on {Address}")]
        public static partial void AdminListening(ILogger logger, string address);

        [LoggerMessage(LogLevel.Warning, "cannot listen on {Address}, the default of the {Endpoint} endpoint, which is off now: {Reason}")]
        public static partial void DefaultAddressTaken(ILogger logger, string address, string endpoint, string reason);
    }
}
