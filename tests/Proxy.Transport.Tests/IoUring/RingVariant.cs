using Proxy.Transport.IoUring;

namespace Proxy.Transport.Tests.IoUring;

/// <summary>Rings as kernels of different age make them; those that this machine cannot make are no rows.</summary>
internal static class RingVariant
{
    private static readonly Dictionary<string, IoUringFeatures> Variants = new()
    {
        ["all"] = new IoUringFeatures(),
        ["cooperative"] = new IoUringFeatures { DeferTaskrun = false },
        ["plain"] = IoUringFeatures.None,
        ["stopping"] = new IoUringFeatures { SubmitAll = false },
        ["unregistered"] = new IoUringFeatures { RegisteredRing = false },
        ["indexed"] = new IoUringFeatures { NoSubmissionArray = false, RegisteredRing = false },
    };

    /// <summary>Each feature switched off alone.</summary>
    public static IReadOnlyDictionary<string, IoUringFeatures> Without { get; } = new Dictionary<string, IoUringFeatures>
    {
        [nameof(IoUringFeatures.DeferTaskrun)] = new() { DeferTaskrun = false },
        [nameof(IoUringFeatures.CooperativeTaskrun)] = new() { DeferTaskrun = false, CooperativeTaskrun = false },
        [nameof(IoUringFeatures.SubmitAll)] = new() { SubmitAll = false },
        [nameof(IoUringFeatures.NoSubmissionArray)] = new() { NoSubmissionArray = false },
        [nameof(IoUringFeatures.RegisteredRing)] = new() { RegisteredRing = false },
        [nameof(IoUringFeatures.MultishotAccept)] = new() { MultishotAccept = false },
        [nameof(IoUringFeatures.MultishotReceive)] = new() { MultishotReceive = false },
        [nameof(IoUringFeatures.SkipCompletion)] = new() { SkipCompletion = false },
        [nameof(IoUringFeatures.MinimumWait)] = new() { MinimumWait = false },
    };

    public static IEnumerable<string> Names => IoUringProbe.Availability.Features is { } here
        ? Variants.Keys.Where(name => Features(name).And(here) == Features(name))
        : [];

    /// <summary>For what is the same with all: one of them, with the most features.</summary>
    public static IEnumerable<string> Best => Names.Take(1);

    public static IoUringFeatures Features(string name) => Variants[name];
}
