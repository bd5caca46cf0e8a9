namespace Proxy.Resp.Tests;

/// <summary>Counts what the current thread allocates.</summary>
internal static class Allocations
{
    /// <summary>Bytes that one call allocates, once everything it does once is done.</summary>
    public static long Of(Action action)
    {
        for (var i = 0; i < 100; i++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            action();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
    }
}
