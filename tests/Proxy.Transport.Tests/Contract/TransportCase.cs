using NUnit.Framework;
using NUnit.Framework.Internal;
using Proxy.Transport.Epoll;
using Proxy.Transport.IoUring;
using Proxy.Transport.Sockets;
using Proxy.Transport.Tests.IoUring;

namespace Proxy.Transport.Tests.Contract;

/// <summary>
/// A transport and what it runs over: the contract is proven for each. A new transport is one more entry in <see cref="Transports"/>.
/// </summary>
/// <param name="Transport">The transport, or how it behaves on another kernel.</param>
/// <param name="Kind">What is bound and connected to.</param>
/// <param name="IsUnpromised">Writes promise nothing: see <see cref="ITransport.UnpromisedWrites"/>.</param>
public sealed record TransportCase(string Transport, AddressKind Kind, bool IsUnpromised = false)
{
    private static readonly IoUringOptions WaitsUnderLoad = new(TimeSpan.FromMicroseconds(200), 8);

    private static readonly Dictionary<string, Func<ITransport>> Transports = Everywhere()
        .Concat(WithIoUring()).Concat(WithoutAFeature()).ToDictionary();

    public static IEnumerable<TestFixtureData> All => Fixtures(_ => true);

    /// <summary>For what a Unix socket does not have, such as a reset.</summary>
    public static IEnumerable<TestFixtureData> Tcp => Fixtures(one => one.Kind != AddressKind.Unix);

    /// <summary>For what does not depend on the address.</summary>
    public static IEnumerable<TestFixtureData> EachTransport => Fixtures(one => one.Kind == AddressKind.Ipv4);

    /// <summary>io_uring with one feature switched off, for a quick look; the whole contract is proven for them too, which takes long.</summary>
    public static IEnumerable<TransportCase> EachWithout =>
        WithoutAFeature().Keys.Select(transport => new TransportCase(transport, AddressKind.Ipv4, IsUnpromised: true));

    /// <summary>Those whose channels can be told to promise nothing of a write, and are.</summary>
    public static IEnumerable<TestFixtureData> Unpromised => Fixtures(one => one.CanBeUnpromised, unpromised: true);

    /// <summary>Each with writes that promise something and, where it can be, with such that do not: for what is the same with both.</summary>
    public static IEnumerable<TestFixtureData> BothWays => All.Concat(Unpromised);

    /// <summary>A transport as another kernel or with faults; what an address is does not depend on that.</summary>
    private bool IsVariant => Transport.Contains('-');

    private bool IsWithout => WithoutAFeature().ContainsKey(Transport);

    private bool CanBeUnpromised => Create().UnpromisedWrites is not null;

    public override string ToString() => $"{Transport}-{Kind.ToString().ToLowerInvariant()}{(IsUnpromised ? "-unpromised" : "")}";

    private static Dictionary<string, Func<ITransport>> Everywhere() => new()
    {
        ["socket"] = () => new SocketTransport(),
        ["epoll"] = () => new EpollTransport(),
    };

    /// <summary>As this kernel has it, as older ones do, and with little room and calls that fail now and then.</summary>
    private static Dictionary<string, Func<ITransport>> WithIoUring() => IoUringProbe.Availability.Features is null ? [] : new()
    {
        ["io_uring"] = () => new IoUringTransport(WaitsUnderLoad),
        ["io_uring-6.0"] = () => new IoUringTransport(
            WaitsUnderLoad,
            new IoUringFeatures { DeferTaskrun = false, NoSubmissionArray = false, MinimumWait = false }),
        ["io_uring-least"] = () => new IoUringTransport(WaitsUnderLoad, IoUringFeatures.None),
        ["io_uring-faulty"] = () => new IoUringTransport(WaitsUnderLoad, new IoUringFeatures(), newRing: FaultyRing.NewNarrow),
    };

    /// <summary>Without one feature, whatever the reason.</summary>
    private static Dictionary<string, Func<ITransport>> WithoutAFeature() => IoUringProbe.Availability.Features is null ? [] : RingVariant.Without
        .ToDictionary(
            without => $"io_uring-without-{without.Key}",
            without => (Func<ITransport>)(() => new IoUringTransport(WaitsUnderLoad, without.Value)));

    private static IEnumerable<TestFixtureData> Fixtures(Func<TransportCase, bool> wanted, bool unpromised = false)
    {
        var cases = Transports.Keys.SelectMany(
            transport => Enum.GetValues<AddressKind>().Select(kind => new TransportCase(transport, kind, unpromised)));
        foreach (var one in cases.Where(one => wanted(one) && (!one.IsVariant || one.Kind == AddressKind.Ipv4)))
        {
            var fixture = new TestFixtureData(one);
            if (one.IsWithout || (one.IsUnpromised && one.Kind != AddressKind.Ipv4))
            {
                // How a write is promised does not depend on the address.
                fixture.Properties.Add(PropertyNames.Category, "Long");
            }

            yield return fixture;
        }
    }

    internal ITransport Create() => Transports[Transport]();
}
