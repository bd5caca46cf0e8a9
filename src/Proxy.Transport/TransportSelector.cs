using Proxy.Transport.Epoll;
using Proxy.Transport.IoUring;
using Proxy.Transport.Sockets;

namespace Proxy.Transport;

/// <summary>Chooses the transport of the process.</summary>
internal static class TransportSelector
{
    /// <summary>The transport for <paramref name="kind"/> and the reason for it.</summary>
    /// <param name="kind">What the user asked for.</param>
    /// <param name="options">For io_uring, if that is chosen.</param>
    /// <exception cref="PlatformNotSupportedException">
    /// The user named a transport that does not work here; the message says why and what to do.
    /// (Only <see cref="TransportKind.Auto"/> falls back to another.)
    /// </exception>
    public static TransportChoice Choose(TransportKind kind, IoUringOptions options) => Choose(kind, Candidates(options));

    /// <summary>The same among <paramref name="candidates"/>, the best one first. The last one works everywhere.</summary>
    internal static TransportChoice Choose(TransportKind kind, IReadOnlyList<TransportCandidate> candidates) =>
        kind == TransportKind.Auto ? Best(candidates) : Named(candidates.First(candidate => candidate.Kind == kind), candidates);

    /// <summary>All transports, the best one first.</summary>
    private static TransportCandidate[] Candidates(IoUringOptions options) =>
    [
        new(TransportKind.IoUring, "io_uring", ProbeIoUring, () => new IoUringTransport(options)),
        new(TransportKind.Epoll, "epoll", EpollProbe.Run, () => new EpollTransport()),
        new(TransportKind.Socket, "socket", () => TransportAvailability.Yes("it works everywhere"), () => new SocketTransport()),
    ];

    private static TransportAvailability ProbeIoUring() =>
        new(IoUringProbe.Availability.Features is not null, IoUringProbe.Availability.Reason);

    private static TransportChoice Best(IReadOnlyList<TransportCandidate> candidates)
    {
        var refusals = new List<string>();
        foreach (var candidate in candidates)
        {
            var (works, reason) = candidate.Probe();
            if (works)
            {
                var why = refusals.Count > 0 ? string.Join("; ", refusals) : reason;
                return new TransportChoice(candidate.Create(), $"transport {candidate.Name}: {why}");
            }

            refusals.Add(reason);
        }

        throw NoSuchTransport();
    }

    private static TransportChoice Named(TransportCandidate candidate, IReadOnlyList<TransportCandidate> candidates)
    {
        var (works, reason) = candidate.Probe();
        if (!works)
        {
            var fallback = candidates.First(other => other.Probe().Works);
            throw new PlatformNotSupportedException(
                $"transport {candidate.Name} does not work here: {reason}; allow it, or write `transport: auto`, which takes {fallback.Name} here");
        }

        return new TransportChoice(candidate.Create(), $"transport {candidate.Name}: configured; {reason}");
    }

    private static InvalidOperationException NoSuchTransport() => new("no transport works here");
}
