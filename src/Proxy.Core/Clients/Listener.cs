using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Topology;
using Proxy.Resp;

namespace Proxy.Core.Clients;

/// <summary>
/// A bound address. Its clients are spread over the workers and find their pool by its <see cref="Route"/>, which a reload may
/// point elsewhere without closing it or them.
/// </summary>
internal sealed class Listener
{
    /// <summary>
    /// How long an address may still be taken. With io_uring the system closes the listener of a killed process some tenths of a second
    /// after the process, and whoever restarts it is faster.
    /// </summary>
    private static readonly TimeSpan BindPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BindPause = TimeSpan.FromMilliseconds(50);

    private readonly ILogger _log;
    private IChannel? _channel;

    /// <param name="address">Where to listen.</param>
    /// <param name="pool">Where its clients' requests go at first.</param>
    /// <param name="log">For protocol errors of clients.</param>
    public Listener(AddressModel address, ServerPool pool, ILogger log)
    {
        Address = address;
        Route = new Route(pool);
        _log = log;
    }

    /// <summary>Where it listens, as configured.</summary>
    public AddressModel Address { get; }

    /// <summary>The way to the pool.</summary>
    public Route Route { get; }

    /// <summary>Binds and accepts from now on.</summary>
    /// <param name="transport">Makes the channels.</param>
    /// <param name="loops">The workers' loops.</param>
    /// <param name="registryOf">The clients of the worker that a loop belongs to.</param>
    /// <exception cref="ProxyStartException">The address cannot be bound.</exception>
    public async Task BindAsync(ChannelTransport transport, IEventLoopGroup loops, Func<IEventLoop, ClientRegistry> registryOf)
    {
        var model = Route.Pool.Snapshot.Model;
        try
        {
            var endPoint = await ResolveAsync(Address.EndPoint).ConfigureAwait(false);
            var bootstrap = new ServerBootstrap()
                .Group(loops)
                .ChannelFactory(() => transport.NewServerChannel(endPoint))
                .Option(ChannelOption.SoBacklog, model.Backlog)
                .ChildOption(ChannelOption.AllowHalfClosure, true)
                .ChildHandler(new ActionChannelInitializer<IChannel>(channel => Accept(channel, registryOf(channel.EventLoop))));
            if (transport.UnpromisedWrites is { } unpromised)
            {
                bootstrap.ChildOption(unpromised, true);
            }

            if (endPoint is IPEndPoint)
            {
                bootstrap.Option(ChannelOption.SoReuseaddr, true);
                bootstrap.ChildOption(ChannelOption.TcpNodelay, true);
                bootstrap.ChildOption(ChannelOption.SoKeepalive, model.TcpKeepalive);
                if (model.ReusePort)
                {
                    bootstrap.Option(ChannelOption.SoReuseport, true);
                }
            }

            _channel = await BindWithPatienceAsync(bootstrap, endPoint).ConfigureAwait(false);
            if (endPoint is UnixDomainSocketEndPoint && Address.Mode is { } mode && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(endPoint.ToString()!, mode);
            }
        }
        catch (Exception e) when (e is not ProxyStartException)
        {
            var reason = (e as AggregateException)?.GetBaseException() ?? e;
            throw new ProxyStartException($"cannot listen on {Address.Text} (pool {model.Name}): {reason.Message}", reason);
        }
    }

    /// <summary>Accepts no more. Clients that were accepted stay.</summary>
    public async Task CloseAsync()
    {
        if (_channel is not { } channel)
        {
            return;
        }

        _channel = null;
        await channel.CloseAsync().ConfigureAwait(false);
        if (Address.EndPoint is UnixDomainSocketEndPoint path)
        {
            File.Delete(path.ToString());
        }
    }

    /// <summary>Whether a client came by this listener.</summary>
    public bool Leads(ClientConnection client) => client.CameBy(Route);

    private void Accept(IChannel channel, ClientRegistry registry)
    {
        var pool = Route.Pool;
        if (registry.Worker.Memory.IsExhausted)
        {
            pool.Counters[registry.Worker.Index].ClientRejected(ClientRejectReason.MemoryLimit);
            channel.Pipeline.AddLast("reject", new RejectHandler(Replies.MemoryLimit));
            return;
        }

        if (!pool.TryAcquireClient())
        {
            pool.Counters[registry.Worker.Index].ClientRejected(ClientRejectReason.Limit);
            channel.Pipeline.AddLast("reject", new RejectHandler(Replies.MaxClients));
            return;
        }

        ClientPipeline.Build(channel.Pipeline, new ClientConnection(registry, Route, pool, channel, _log));
    }

    private static async Task<IChannel> BindWithPatienceAsync(ServerBootstrap bootstrap, EndPoint endPoint)
    {
        var deadline = Environment.TickCount64 + (long)BindPatience.TotalMilliseconds;
        while (true)
        {
            try
            {
                RemoveStaleSocket(endPoint);
                return await bootstrap.BindAsync(endPoint).ConfigureAwait(false);
            }
            catch (Exception e) when (IsTaken(e) && Environment.TickCount64 < deadline)
            {
                await Task.Delay(BindPause).ConfigureAwait(false);
            }
        }
    }

    private static bool IsTaken(Exception failure) => failure.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse };

    private static async Task<EndPoint> ResolveAsync(EndPoint endPoint)
    {
        if (endPoint is not DnsEndPoint name)
        {
            return endPoint;
        }

        var addresses = await Dns.GetHostAddressesAsync(name.Host).ConfigureAwait(false);
        return new IPEndPoint(addresses.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0], name.Port);
    }

    /// <summary>A socket file that a dead process left would make every bind fail. One that somebody still listens on is kept, and the bind fails.</summary>
    private static void RemoveStaleSocket(EndPoint endPoint)
    {
        if (endPoint is not UnixDomainSocketEndPoint || !File.Exists(endPoint.ToString()))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endPoint);
        }
        catch (SocketException)
        {
            File.Delete(endPoint.ToString()!);
        }
    }
}
