using System.Diagnostics;

namespace Proxy.Testing;

/// <summary>Waits for a condition with a deadline, or sees that it stays. The only place in the tests that sleeps.</summary>
public static class Eventually
{
    /// <summary>
    /// How long a condition may take unless the caller says otherwise. Long, since it is only spent by a test that fails.
    /// </summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Returns as soon as <paramref name="condition"/> holds; throws <see cref="TimeoutException"/> when the deadline passes first.
    /// </summary>
    /// <param name="condition">Asked again and again; an exception from it counts as "not yet".</param>
    /// <param name="what">The condition in words, for the failure message.</param>
    /// <param name="deadline">Default: <see cref="DefaultDeadline"/>.</param>
    public static void True(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        Get(() => condition() ? new object() : null, what, deadline);

    /// <summary>The first value that is not null; throws <see cref="TimeoutException"/> when the deadline passes first.</summary>
    public static T Get<T>(Func<T?> probe, string what, TimeSpan? deadline = null)
        where T : class
    {
        var limit = deadline ?? DefaultDeadline;
        var clock = Stopwatch.StartNew();
        Exception? last = null;
        while (true)
        {
            try
            {
                if (probe() is { } value)
                {
                    return value;
                }
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                last = problem;
            }

            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"not within {limit.TotalSeconds:0.#} s: {what}", last);
            }

            Thread.Sleep(Interval);
        }
    }

    /// <summary>The first value equal to <paramref name="expected"/>; the failure message shows the last one seen.</summary>
    public static void Equal<T>(Func<T> probe, T expected, string what, TimeSpan? deadline = null)
    {
        var last = default(T);
        try
        {
            True(() => EqualityComparer<T>.Default.Equals(last = probe(), expected), what, deadline);
        }
        catch (TimeoutException problem)
        {
            throw new TimeoutException($"{problem.Message} (expected {expected}, last seen {last})", problem.InnerException);
        }
    }

    /// <summary>
    /// For what must not happen: asks <paramref name="condition"/> again and again for all of <paramref name="time"/>, and throws
    /// <see cref="TimeoutException"/> as soon as it does not hold.
    /// </summary>
    /// <param name="condition">What stays so; an exception from it goes to the caller.</param>
    /// <param name="what">The condition in words, for the failure message.</param>
    /// <param name="time">Long enough for what must not happen to happen.</param>
    public static void Stays(Func<bool> condition, string what, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        do
        {
            if (!condition())
            {
                throw new TimeoutException($"no longer so after {clock.Elapsed.TotalSeconds:0.###} s: {what}");
            }

            Thread.Sleep(Interval);
        }
        while (clock.Elapsed < time);
    }

    /// <summary>
    /// Lets time pass where time itself is the stimulus (a pause between two bytes, a load that runs for a while), never to wait for an
    /// effect.
    /// </summary>
    public static void LetTimePass(TimeSpan time) => Thread.Sleep(time);
}
