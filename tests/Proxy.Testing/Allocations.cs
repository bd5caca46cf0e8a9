namespace Proxy.Testing;

/// <summary>Counts what the current thread allocates.</summary>
public static class Allocations
{
    private const int Calls = 1000;

    /// <summary>Bytes that one call allocates, as the mean of a thousand, once everything is done that the first calls do once.</summary>
    public static double Of(Action action)
    {
        Repeat(action);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(action);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    private static void Repeat(Action action)
    {
        for (var i = 0; i < Calls; i++)
        {
            action();
        }
    }
}
