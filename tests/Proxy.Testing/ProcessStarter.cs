using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Proxy.Testing;

/// <summary>
/// Starts processes from one thread that lives as long as this process. The kernel sends the parent-death signal when the <em>thread</em>
/// that forked ends, so a child started from a test's own thread would die with that thread.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<Action> Work = [];

    static ProcessStarter()
    {
        var thread = new Thread(() =>
        {
            foreach (var action in Work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "process starter" };
        thread.Start();
    }

    public static void Start(Process process)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception problem)
            {
                started.SetException(problem);
            }
        });
        try
        {
            started.Task.Wait();
        }
        catch (AggregateException problem)
        {
            ExceptionDispatchInfo.Throw(problem.InnerException!);
        }
    }
}
