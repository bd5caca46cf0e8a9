using Proxy.Transport.Sockets;

namespace Proxy.Transport;

/// <summary>Chooses the transport of the process.</summary>
internal static class TransportSelector
{
    /// <summary>The transport for <paramref name="kind"/> and the reason for it.</summary>
    /// <exception cref="PlatformNotSupportedException">
    /// The user named a transport that does not work here. (Only <see cref="TransportKind.Auto"/> falls back to another.)
    /// </exception>
    public static TransportChoice Choose(TransportKind kind) => kind switch
    {
        TransportKind.Auto => new TransportChoice(new SocketTransport(), "transport socket: the only one of this build"),
        TransportKind.Socket => new TransportChoice(new SocketTransport(), "transport socket: configured"),
        _ => throw NotAvailable(kind),
    };

    private static PlatformNotSupportedException NotAvailable(TransportKind kind) =>
        new($"transport {(kind == TransportKind.IoUring ? "io_uring" : "epoll")} is not available in this build; use auto or socket");
}
