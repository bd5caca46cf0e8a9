using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// Opens channels to servers. Names are resolved anew at each attempt and off the loop; every address of a name is tried in turn.
/// </summary>
internal sealed class BackendConnector : IBackendConnector
{
    private readonly ChannelTransport _transport;

    public BackendConnector(ChannelTransport transport)
    {
        _transport = transport;
    }

    /// <inheritdoc/>
    public async void Connect(
        Worker worker, Server server, TimeSpan timeout, Action<IChannel, BackendHandler> connected, Action<BackendFailure> failed)
    {
        try
        {
            var (channel, handler) = await ConnectAnyAsync(worker, server, timeout).ConfigureAwait(false);
            worker.Loop.Execute(() => connected(channel, handler));
        }
        catch (Exception e)
        {
            var failure = Describe(server, e);
            if (!worker.Loop.IsShuttingDown)
            {
                worker.Loop.Execute(() => failed(failure));
            }
        }
    }

    private async Task<(IChannel Channel, BackendHandler Handler)> ConnectAnyAsync(Worker worker, Server server, TimeSpan timeout)
    {
        Exception? last = null;
        foreach (var address in await ResolveAsync(server.Model.Address.EndPoint).ConfigureAwait(false))
        {
            try
            {
                return await ConnectOneAsync(worker, address, timeout).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                last = e;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private async Task<(IChannel Channel, BackendHandler Handler)> ConnectOneAsync(Worker worker, EndPoint address, TimeSpan timeout)
    {
        var handler = new BackendHandler(worker.Blocks.References);
        var bootstrap = new Bootstrap()
            .Group(worker.Loop)
            .ChannelFactory(() => _transport.NewSocketChannel(address))
            .Option(ChannelOption.ConnectTimeout, timeout)
            .Option(ChannelOption.SoKeepalive, true)
            .Handler(new ActionChannelInitializer<IChannel>(channel =>
            {
                // A Unix socket has no such option, and setting it there would be an error in the log.
                if (address is IPEndPoint)
                {
                    channel.Configuration.SetOption(ChannelOption.TcpNodelay, true);
                }

                if (_transport.UnpromisedWrites is { } unpromised)
                {
                    channel.Configuration.SetOption(unpromised, true);
                }

                BackendPipeline.Build(channel.Pipeline, handler);
            }));
        return (await bootstrap.ConnectAsync(address).ConfigureAwait(false), handler);
    }

    private static async Task<IReadOnlyList<EndPoint>> ResolveAsync(EndPoint endPoint)
    {
        if (endPoint is not DnsEndPoint name)
        {
            return [endPoint];
        }

        var addresses = await Dns.GetHostAddressesAsync(name.Host).ConfigureAwait(false);
        return addresses.Select(address => new IPEndPoint(address, name.Port)).ToArray();
    }

    private static BackendFailure Describe(Server server, Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case ConnectTimeoutException:
                    return new BackendFailure(FailureKind.TimedOut, server, "connect");
                case SocketException socketException:
                    return SocketFailures.Describe(server, socketException);
            }
        }

        return new BackendFailure(FailureKind.Lost, server, exception.Message);
    }
}
