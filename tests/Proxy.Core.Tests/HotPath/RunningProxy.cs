using System.Net.Sockets;
using DotNetty.Transport.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Proxy.Core.Tests.Configuration;
using Proxy.Testing;
using Proxy.Transport.Channels;
using Proxy.Transport.Epoll;

namespace Proxy.Core.Tests.HotPath;

/// <summary>A proxy with one worker in the process of the test, and a client of it.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private readonly ProxyInstance _proxy;
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _replies = new byte[8 * 1024 * 1024];
    private readonly IEventLoop _loop;

    private RunningProxy(ProxyInstance proxy, IEventLoop loop)
    {
        _proxy = proxy;
        _loop = loop;
    }

    /// <summary>Starts it in front of <paramref name="servers"/> and connects.</summary>
    public static async Task<RunningProxy> StartAsync(params FixedServer[] servers)
    {
        IEventLoopGroup? loops = null;
        var epoll = new EpollTransport();
        var transport = new ChannelTransport(
            epoll.Name, threads => loops = epoll.NewEventLoopGroup(threads), epoll.NewSocketChannel, epoll.NewServerChannel, StreamConfiguration.UnpromisedWritesOption);
        var port = FreePort.Next();
        var pool = $"listen: 127.0.0.1:{port}\ndistribution: modula\nservers:\n"
            + string.Concat(servers.Select((server, i) => $"  - 127.0.0.1:{server.Port}:1 s{i}\n"));
        var model = Loading.Model(Configuration.PoolText.With(pool));
        var proxy = new ProxyInstance(model with { Process = model.Process with { Threads = 1 } }, transport, "0", NullLoggerFactory.Instance);
        await proxy.StartAsync();
        var running = new RunningProxy(proxy, (IEventLoop)loops!.Items.Single());
        running._client.Connect("127.0.0.1", port);
        return running;
    }

    /// <summary>Sends requests whose last reply is <paramref name="end"/>, and waits for that.</summary>
    public void Begin(byte[] requests, byte[] end)
    {
        _client.Send(requests);
        for (var received = 0; !_replies.AsSpan(0, received).EndsWith(end);)
        {
            received += Receive(_replies.AsSpan(received));
        }
    }

    /// <summary>Sends the same bytes again and again, each time waiting for the whole answer.</summary>
    public void Repeat(byte[] requests, int answerLength, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _client.Send(requests);
            for (var received = 0; received < answerLength;)
            {
                received += Receive(_replies.AsSpan(received, answerLength - received));
            }
        }
    }

    /// <summary>Bytes that the worker's thread has allocated ever.</summary>
    public Task<long> AllocatedAsync() => _loop.SubmitAsync(static () => GC.GetAllocatedBytesForCurrentThread());

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
    }

    private int Receive(Span<byte> room)
    {
        var count = _client.Receive(room);
        return count > 0 ? count : throw new IOException("closed by the proxy");
    }
}
