using System.Net;
using System.Net.Sockets;

namespace Proxy.Testing;

/// <summary>Who listens, from the kernel's tables: to wait for a server without being a client of it.</summary>
public static class ListeningSockets
{
    /// <summary>Whether somebody listens on the port (of any local address) or on the Unix socket.</summary>
    public static bool Has(EndPoint endPoint) =>
        endPoint is IPEndPoint address
            ? Lines("/proc/net/tcp").Concat(Lines("/proc/net/tcp6")).Any(line => IsListeningOn(line, address.Port))
            : Lines("/proc/net/unix").Any(line => IsListeningOn(line, (UnixDomainSocketEndPoint)endPoint));

    // `sl local_address rem_address st …`, the addresses in hex with the port behind a colon; 0A: listening
    private static bool IsListeningOn(string line, int port) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var local, _, "0A", ..]
        && local.EndsWith($":{port:X4}", StringComparison.Ordinal);

    // `Num RefCount Protocol Flags Type St Inode Path`; flag 00010000: listening
    private static bool IsListeningOn(string line, UnixDomainSocketEndPoint socket) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, "00010000", _, _, _, var path] && path == socket.ToString();

    private static string[] Lines(string table) => File.Exists(table) ? File.ReadAllLines(table) : [];
}
