using Proxy.Transport.IoUring;

namespace Proxy.Transport.Tests.IoUring;

internal static class RingReading
{
    /// <summary>The user data of all completions that are there.</summary>
    public static List<int> TakeAll(this IoUringRing ring)
    {
        var taken = new List<int>();
        while (ring.TryTake(out var completion))
        {
            taken.Add((int)completion.UserData);
        }

        return taken;
    }
}
