using Proxy.Transport.IoUring;
using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.Tests.IoUring;

/// <summary>A ring whose calls fail as told.</summary>
internal sealed unsafe class FaultyRing(uint submissions = 8, uint completions = 16, IoUringFeatures? features = null)
    : IoUringRing(features ?? new IoUringFeatures(), submissions, completions)
{
    /// <summary>
    /// Called before each io_uring_enter: an error above zero fails it, a number at or below zero is, negated, the most that is submitted.
    /// </summary>
    public Func<int?>? Fault { get; set; }

    public int Calls { get; private set; }

    /// <summary>A ring with little room whose calls are interrupted, fail for want of memory, or take only a part, every now and then.</summary>
    public static IoUringRing NewNarrow(IoUringFeatures features)
    {
        const int Eintr = 4;
        const int Eagain = 11;
        const int Ebusy = 16;
        var ring = new FaultyRing(4, 8, features);
        ring.Fault = () => (ring.Calls % 7) switch
        {
            1 => Eintr,
            3 => Eagain,
            4 => Ebusy,
            5 => -1,
            _ => null,
        };
        return ring;
    }

    protected override int Call(int ring, uint submit, uint completions, EnterFlags flags, WaitArgument* argument)
    {
        Calls++;
        return Fault?.Invoke() switch
        {
            > 0 and var error => -error,
            { } most => base.Call(ring, Math.Min(submit, (uint)-most), completions, flags, argument),
            null => base.Call(ring, submit, completions, flags, argument),
        };
    }
}
