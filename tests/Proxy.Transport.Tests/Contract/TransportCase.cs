using Proxy.Transport.Epoll;
using Proxy.Transport.IoUring;
using Proxy.Transport.Sockets;
using Proxy.Transport.Tests.IoUring;

namespace Proxy.Transport.Tests.Contract;

/// <summary>
/// A transport and what it runs over: the contract is proven for each. A new transport is one more entry in <see cref="Transports"/>.
/// </summary>
public sealed record TransportCase(string Transport, AddressKind Kind)
{
    private static readonly IoUringOptions WaitsUnderLoad = new(TimeSpan.FromMicroseconds(60), 8);

    private static readonly Dictionary<string, Func<ITransport>> Transports = Everywhere().Concat(WithIoUring()).ToDictionary();

    public static IEnumerable<TransportCase> All =>
        from transport in Transports.Keys
        from kind in Enum.GetValues<AddressKind>()
        select new TransportCase(transport, kind);

    /// <summary>For what a Unix socket does not have, such as a reset.</summary>
    public static IEnumerable<TransportCase> Tcp => All.Where(one => one.Kind != AddressKind.Unix);

    /// <summary>For what does not depend on the address.</summary>
    public static IEnumerable<TransportCase> EachTransport => All.Where(one => one.Kind == AddressKind.Ipv4);

    /// <summary>Those whose channels can be told to promise nothing of a write.</summary>
    public static IEnumerable<TransportCase> Unpromised => All.Where(one => one.Create().UnpromisedWrites is not null);

    public override string ToString() => $"{Transport}-{Kind.ToString().ToLowerInvariant()}";

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

    internal ITransport Create() => Transports[Transport]();
}
