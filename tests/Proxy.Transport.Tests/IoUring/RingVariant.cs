using Proxy.Transport.IoUring;

namespace Proxy.Transport.Tests.IoUring;

/// <summary>Rings as kernels of different age make them.</summary>
internal static class RingVariant
{
    private static readonly Dictionary<string, IoUringFeatures> Variants = new()
    {
        ["all"] = new IoUringFeatures(),
        ["cooperative"] = new IoUringFeatures { DeferTaskrun = false },
        ["plain"] = IoUringFeatures.None,
        ["indexed"] = new IoUringFeatures { NoSubmissionArray = false, RegisteredRing = false },
    };

    public static IEnumerable<string> Names => Variants.Keys;

    public static IoUringFeatures Features(string name) => Variants[name];
}
