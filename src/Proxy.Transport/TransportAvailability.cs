namespace Proxy.Transport;

/// <summary>Whether a transport works on this machine.</summary>
/// <param name="Works">Whether it does.</param>
/// <param name="Reason">
/// For the log, a clause without a full stop: <c>io_uring works</c>, <c>epoll is a part of Linux</c>.
/// </param>
internal readonly record struct TransportAvailability(bool Works, string Reason)
{
    /// <summary>It works.</summary>
    public static TransportAvailability Yes(string reason) => new(true, reason);

    /// <summary>It does not work.</summary>
    public static TransportAvailability No(string reason) => new(false, reason);
}
