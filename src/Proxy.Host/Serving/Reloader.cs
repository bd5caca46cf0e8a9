using Microsoft.Extensions.Logging;
using Proxy.Core;
using Proxy.Core.Model;
using Proxy.Host.Admin;
using Proxy.Host.Logging;

namespace Proxy.Host.Serving;

/// <summary>Reloads the configuration: a good file takes effect, a bad one leaves everything as it is.</summary>
internal sealed partial class Reloader(ServeOptions options, IProxy proxy, ReloadStatistics statistics, ProxyLog log, TimeProvider clock)
{
    private readonly ILogger _logger = log.Factory.CreateLogger<Reloader>();

    /// <summary>The model that runs.</summary>
    public ProxyModel Model { get; private set; } = options.Model;

    /// <summary>Reads the file and changes to what it says. Never throws: what went wrong is in the log.</summary>
    public async Task ReloadAsync()
    {
        try
        {
            // Resolving the host names of listen addresses may take its time.
            var loaded = await Task.Run(options.Reload);
            foreach (var problem in loaded.Warnings)
            {
                Log.Doubtful(_logger, problem);
            }

            if (loaded.Model == null)
            {
                Refuse(loaded.Errors);
                return;
            }

            await ChangeToAsync(loaded.Model);
        }
        catch (ProxyStartException failure)
        {
            Refuse([failure.Message]);
        }
        catch (Exception bug)
        {
            statistics.Failed();
            Log.Failed(_logger, bug);
        }
    }

    private async Task ChangeToAsync(ProxyModel model)
    {
        var summary = await proxy.ReloadAsync(model);
        var needRestart = summary.NeedRestart.Union(ModelChanges.NeedRestart(Model.Process, model.Process)).ToList();
        if (model.Process.Log.Verbosity != Model.Process.Log.Verbosity)
        {
            log.Verbosity.Set(model.Process.Log.Verbosity);
        }

        Model = model;
        statistics.Reloaded(clock.GetUtcNow());
        Log.Reloaded(_logger, options.ConfigPath, List(summary.Added), List(summary.Changed), List(summary.Removed));
        if (needRestart.Count > 0)
        {
            Log.NeedRestart(_logger, List(needRestart));
        }
    }

    private void Refuse(IReadOnlyList<string> reasons)
    {
        statistics.Failed();
        foreach (var reason in reasons)
        {
            Log.Wrong(_logger, reason);
        }

        Log.Refused(_logger, options.ConfigPath);
    }

    private static string List(IReadOnlyCollection<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "reloaded: {File}; pools added: {Added}; changed: {Changed}; removed: {Removed}")]
        public static partial void Reloaded(ILogger logger, string file, string added, string changed, string removed);

        [LoggerMessage(LogLevel.Warning, "changes of these keys take effect at the next start: {Keys}")]
        public static partial void NeedRestart(ILogger logger, string keys);

        [LoggerMessage(LogLevel.Warning, "{Problem}")]
        public static partial void Doubtful(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Error, "{Problem}")]
        public static partial void Wrong(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Error, "reload refused: {File}; the configuration from before goes on")]
        public static partial void Refused(ILogger logger, string file);

        [LoggerMessage(LogLevel.Error, "reload failed; the configuration from before goes on")]
        public static partial void Failed(ILogger logger, Exception bug);
    }
}
