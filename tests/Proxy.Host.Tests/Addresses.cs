using System.Net;
using System.Net.Sockets;
using Proxy.Core.Model;
using Proxy.Testing;

namespace Proxy.Host.Tests;

/// <summary>Addresses to listen on.</summary>
internal static class Addresses
{
    public static AddressModel FreeLoopback() => Loopback(FreePort.Next());

    public static AddressModel Loopback(int port) => new() { Text = $"127.0.0.1:{port}", EndPoint = new IPEndPoint(IPAddress.Loopback, port) };

    public static AddressModel Unix(string path, UnixFileMode? mode = null) =>
        new() { Text = path, EndPoint = new UnixDomainSocketEndPoint(path), Mode = mode };
}
