namespace Proxy.Core.Topology;

/// <summary>What workers tell the control loop. Callable from any thread; never blocks.</summary>
internal interface IHealthReports
{
    /// <summary>A connection to the server failed or was lost, or requests on it timed out: one failure, however many requests it held.</summary>
    public void Failed(Server server, string reason);

    /// <summary>The server answered again. Only reported while <see cref="Health.Failures"/> is not 0.</summary>
    public void Succeeded(Server server);
}
