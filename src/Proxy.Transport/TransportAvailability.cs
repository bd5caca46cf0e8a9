namespace Proxy.Transport;

/// <summary>Whether a transport works on this machine.</summary>
/// <param name="Works">Whether it does.</param>
/// <param name="Reason">
/// For the log, without a full stop: if it works, what it found (<c>Linux 6.18, multishot receive</c>) or nothing; else a whole clause that
/// says why not (<c>epoll needs Linux</c>).
/// </param>
internal readonly record struct TransportAvailability(bool Works, string Reason)
{
    /// <summary>It works.</summary>
    public static TransportAvailability Yes(string found = "") => new(true, found);

    /// <summary>It does not work.</summary>
    public static TransportAvailability No(string reason) => new(false, reason);
}
