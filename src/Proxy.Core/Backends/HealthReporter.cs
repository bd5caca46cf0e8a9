using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// Tells the control loop what a connection saw of its server's health, at most once a turn: however many requests fail in one turn, it is
/// one failure.
/// </summary>
internal sealed class HealthReporter
{
    private readonly Server _server;
    private readonly Worker _worker;
    private long _reportedMs;

    public HealthReporter(Server server, Worker worker)
    {
        _server = server;
        _worker = worker;
    }

    /// <summary>Requests failed, or a connection did.</summary>
    /// <param name="failure">Why; null if all that is known is that it is closed.</param>
    public void Failed(BackendFailure? failure)
    {
        if (_reportedMs != _worker.NowMs)
        {
            _reportedMs = _worker.NowMs;
            _server.Reports.Failed(_server, failure?.ToString() ?? "closed");
        }
    }

    /// <summary>A connection became ready. Where failures lead to ejection, only an answer proves that the server is well.</summary>
    public void Connected(bool isEjectedByFailures)
    {
        if (!isEjectedByFailures && _server.Health.State != Metrics.ServerState.Up)
        {
            _server.Reports.Succeeded(_server);
        }
    }

    /// <summary>It answered.</summary>
    public void Answered()
    {
        if (_server.Health.Failures != 0 && _reportedMs != _worker.NowMs)
        {
            _reportedMs = _worker.NowMs;
            _server.Reports.Succeeded(_server);
        }
    }
}
