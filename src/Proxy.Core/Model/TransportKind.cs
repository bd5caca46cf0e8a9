namespace Proxy.Core.Model;

/// <summary>What carries the bytes between the event loops and the kernel.</summary>
internal enum TransportKind
{
    /// <summary>DotNetty's own sockets, on every platform.</summary>
    Socket,
}
