namespace Proxy.Core.Model;

/// <summary>What carries the bytes between the event loops and the kernel, as the user asked for it.</summary>
internal enum TransportKind
{
    /// <summary>The best one that works on this machine.</summary>
    Auto,

    /// <summary>Linux io_uring.</summary>
    IoUring,

    /// <summary>Linux epoll.</summary>
    Epoll,

    /// <summary>The sockets of .NET, on every platform.</summary>
    Socket,
}
