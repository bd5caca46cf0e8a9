namespace Proxy.Transport;

/// <summary>Which transport the user asks for.</summary>
internal enum TransportKind
{
    /// <summary>The best one that works here.</summary>
    Auto,

    /// <summary>Linux io_uring.</summary>
    IoUring,

    /// <summary>Linux epoll.</summary>
    Epoll,

    /// <summary>System.Net.Sockets, on every system.</summary>
    Socket,
}
