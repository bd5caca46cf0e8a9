using System.Globalization;
using Proxy.Core.Metrics;

namespace Proxy.Host.Admin;

/// <summary>Whether the process does its work at all, which does not depend on any Redis.</summary>
internal sealed class Liveness(IWorkerHealth workers)
{
    /// <summary>A worker that gives no sign of life for this long hangs. They give one a second.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong, in one line; null when nothing is.</summary>
    public string? Problem()
    {
        for (var worker = 0; worker < workers.WorkerCount; worker++)
        {
            var silence = workers.SinceBeat(worker);
            if (silence >= Limit)
            {
                return string.Create(CultureInfo.InvariantCulture, $"worker {worker} has given no sign of life for {silence.TotalSeconds:0.0} s");
            }
        }

        return null;
    }
}
