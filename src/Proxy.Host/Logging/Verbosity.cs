using Microsoft.Extensions.Logging;

namespace Proxy.Host.Logging;

/// <summary>
/// How much is logged, in nutcracker's numbers: 0 emergency, 1 alert, 2 critical, 3 error, 4 warning, 5 notice, 6 information, 7 debug, 8 to 11 verbose.
/// Any thread may read and change it.
/// </summary>
/// <param name="number">The number at first; what is out of range counts as the nearest in range.</param>
internal sealed class Verbosity(int number)
{
    /// <summary>Least of all.</summary>
    public const int Lowest = 0;

    /// <summary>Everything.</summary>
    public const int Highest = 11;

    private int _number = Math.Clamp(number, Lowest, Highest);

    /// <summary>The number now.</summary>
    public int Number => Volatile.Read(ref _number);

    /// <summary>The least severe level that is logged now.</summary>
    public LogLevel Level => Number switch
    {
        <= 2 => LogLevel.Critical,
        3 => LogLevel.Error,
        4 => LogLevel.Warning,
        <= 6 => LogLevel.Information,
        7 => LogLevel.Debug,
        _ => LogLevel.Trace,
    };

    /// <summary>Another number; what is out of range counts as the nearest in range.</summary>
    public void Set(int number) => Volatile.Write(ref _number, Math.Clamp(number, Lowest, Highest));

    /// <summary>One number more, up to <see cref="Highest"/>.</summary>
    public void Raise() => Move(1);

    /// <summary>One number less, down to <see cref="Lowest"/>.</summary>
    public void Lower() => Move(-1);

    private void Move(int by)
    {
        int before;
        do
        {
            before = Number;
        }
        while (Interlocked.CompareExchange(ref _number, Math.Clamp(before + by, Lowest, Highest), before) != before);
    }
}
