using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proxy.Core.Model;
using Proxy.Host.Statistics;

namespace Proxy.Host.Admin;

/// <summary>
/// The admin endpoint: ASP.NET Core's web server with <see cref="AdminPages"/>.
/// The server is used without its host, which would read settings from the environment and the working directory and take the signals that are ours,
/// and which costs a start twice the CPU time (50 ms instead of 95 ms, on one core of a small virtual machine) and 8 MB more of memory.
/// </summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly KestrelServer _server;

    private AdminServer(KestrelServer server) => _server = server;

    /// <summary>Where it listens, with the port that the system chose if 0 was asked for: <c>http://127.0.0.1:9151</c>.</summary>
    public string Url => _server.Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Binds the address and serves until disposed.</summary>
    /// <exception cref="IOException">The address cannot be bound.</exception>
    public static async Task<AdminServer> StartAsync(AddressModel address, AdminPages pages, ILoggerFactory loggers)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = NoServices.Instance };
        options.Limits.MaxConcurrentConnections = 100;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBodySize = 64 * 1024;
        options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        Listen(options, address);

        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions { IOQueueCount = 1 }), loggers);
        var server = new KestrelServer(Options.Create(options), transport, loggers);
        try
        {
            await server.StartAsync(new AdminApplication(pages), CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or SocketException or UnauthorizedAccessException)
        {
            server.Dispose();
            throw new IOException(Root(failure).Message, failure);
        }
        catch
        {
            server.Dispose();
            throw;
        }

        if (address.Mode is { } mode && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(address.EndPoint.ToString()!, mode);
        }

        return new AdminServer(server);
    }

    /// <summary>Stops listening and closes all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(StopTimeout);
        await _server.StopAsync(timeout.Token);
        _server.Dispose();
    }

    private static void Listen(KestrelServerOptions options, AddressModel address)
    {
        static void Http1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;

        switch (address.EndPoint)
        {
            case IPEndPoint endPoint:
                options.Listen(endPoint, Http1);
                break;
            case UnixDomainSocketEndPoint socket:
                UnixSocketFile.RemoveStale(socket.ToString());
                options.ListenUnixSocket(socket.ToString(), Http1);
                break;
            default:
                ThrowNotListenable(address);
                break;
        }
    }

    private static void ThrowNotListenable(AddressModel address) => throw new IOException($"{address} is a host name, not an address to listen on");

    private static Exception Root(Exception failure)
    {
        while (failure.InnerException != null)
        {
            failure = failure.InnerException;
        }

        return failure;
    }
}
