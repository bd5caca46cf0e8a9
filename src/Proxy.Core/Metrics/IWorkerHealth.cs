namespace Proxy.Core.Metrics;

/// <summary>Whether the workers' loops turn. May be asked by any thread.</summary>
internal interface IWorkerHealth
{
    /// <summary>Number of workers.</summary>
    public int WorkerCount { get; }

    /// <summary>How long ago a worker's loop last gave a sign of life, which it does about once a second.</summary>
    /// <param name="worker">From 0 to one less than <see cref="WorkerCount"/>.</param>
    public TimeSpan SinceBeat(int worker);
}
