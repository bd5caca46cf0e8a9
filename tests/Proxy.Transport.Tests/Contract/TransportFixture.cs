using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>
/// Two event loops of a transport and what the tests need around them. Each test ends with the proof that nothing is left: no buffer, no
/// descriptor, no event on a foreign thread.
/// </summary>
public abstract class TransportFixture(TransportCase transportCase)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentBag<IChannel> _channels = [];
    private readonly ConcurrentBag<Recorder> _recorders = [];
    private readonly ConcurrentBag<IDisposable> _disposables = [];
    private TempFolder _folder = null!;
    private int _socketsBefore;
    private int _addresses;

    protected AddressKind Kind { get; } = transportCase.Kind;

    internal ITransport Transport { get; private set; } = null!;

    protected IEventLoopGroup Group { get; private set; } = null!;

    /// <summary>Counts what is taken and not given back.</summary>
    protected UnpooledByteBufferAllocator Allocator { get; private set; } = null!;

    [SetUp]
    public void StartLoops()
    {
        _socketsBefore = Descriptors.CountSockets();
        _folder = new TempFolder();
        Allocator = new UnpooledByteBufferAllocator();
        Transport = NewTransport();
        Group = Transport.NewEventLoopGroup(2);
    }

    [TearDown]
    public void ProveNothingLeft()
    {
        while (_channels.TryTake(out var channel))
        {
            Completes(channel.CloseAsync());
        }

        while (_disposables.TryTake(out var disposable))
        {
            disposable.Dispose();
        }

        Eventually.Equal(Descriptors.CountSockets, _socketsBefore, "all sockets are closed");
        Eventually.Equal(() => Allocator.Metric.UsedHeapMemory, 0, "all heap buffers are released");
        Eventually.Equal(() => Allocator.Metric.UsedDirectMemory, 0, "all direct buffers are released");
        Shutdown(Group);
        _folder.Dispose();
        Assert.That(_recorders.Sum(recorder => recorder.StrangerCalls), Is.Zero, "events on a thread that is not the channel's loop");
        _recorders.Clear();
    }

    /// <summary>The transport under test.</summary>
    private protected virtual ITransport NewTransport() => transportCase.Create();

    protected static void Shutdown(IEventLoopGroup group) =>
        Assert.That(group.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(5)).Wait(Patience), Is.True, "the loops ended");

    /// <summary>A buffer of the counting allocator with <paramref name="bytes"/> in it; the receiver releases it.</summary>
    protected IByteBuffer Buffer(ReadOnlySpan<byte> bytes) => Allocator.HeapBuffer(bytes.Length).WriteBytes(bytes.ToArray());

    protected static byte[] RandomBytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Writes <paramref name="bytes"/> as messages of random sizes below <paramref name="largest"/>, and flushes once.</summary>
    /// <returns>The task of the last write.</returns>
    protected Task WriteInPieces(IChannel channel, ReadOnlySpan<byte> bytes, Random random, int largest)
    {
        var last = Task.CompletedTask;
        while (!bytes.IsEmpty)
        {
            var size = Math.Min(random.Next(1, largest), bytes.Length);
            last = channel.WriteAsync(Buffer(bytes[..size]));
            bytes = bytes[size..];
        }

        channel.Flush();
        return last;
    }

    /// <summary>Where to listen: port 0, or a new Unix socket.</summary>
    protected EndPoint NewAddress() => Kind switch
    {
        AddressKind.Ipv4 => new IPEndPoint(IPAddress.Loopback, 0),
        AddressKind.Ipv6 => new IPEndPoint(IPAddress.IPv6Loopback, 0),
        _ => NewUnixAddress(),
    };

    protected UnixDomainSocketEndPoint NewUnixAddress() => new(_folder[$"{Interlocked.Increment(ref _addresses)}.sock"]);

    /// <summary>An address of the fixture's kind on which nobody listens.</summary>
    protected EndPoint NobodyListens()
    {
        if (Kind != AddressKind.Unix)
        {
            return new IPEndPoint(Kind == AddressKind.Ipv4 ? IPAddress.Loopback : IPAddress.IPv6Loopback, FreePort.Next());
        }

        // A file without a listener, as a server leaves it that was killed.
        var address = NewUnixAddress();
        File.WriteAllText(address.ToString(), string.Empty);
        return address;
    }

    /// <summary>A plain listening socket.</summary>
    protected Socket ListenPlain(int? sendBuffer = null)
    {
        var address = NewAddress();
        var listener = Own(new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified));
        if (sendBuffer is { } size)
        {
            listener.SendBufferSize = size;
        }

        listener.Bind(address);
        listener.Listen(512);
        return listener;
    }

    /// <summary>A listener of the transport whose children get the handlers that <paramref name="handlers"/> makes.</summary>
    protected IChannel Listen(Func<IChannelHandler[]> handlers, Action<ServerBootstrap>? configure = null, EndPoint? address = null)
    {
        address ??= NewAddress();
        var bootstrap = new ServerBootstrap()
            .Group(Group)
            .ChannelFactory(() => Transport.NewServerChannel(address))
            .ChildOption(ChannelOption.Allocator, Allocator)
            .ChildHandler(new ActionChannelInitializer<IChannel>(channel =>
            {
                _channels.Add(channel);
                channel.Pipeline.AddLast(handlers());
            }));
        if (transportCase.IsUnpromised)
        {
            bootstrap.ChildOption(Transport.UnpromisedWrites, true);
        }

        configure?.Invoke(bootstrap);
        var listener = Result(bootstrap.BindAsync(address));
        _channels.Add(listener);
        return listener;
    }

    /// <summary>Starts to connect a channel of the transport.</summary>
    protected Task<IChannel> ConnectAsync(EndPoint remote, Action<Bootstrap>? configure = null, params IChannelHandler[] handlers)
    {
        var bootstrap = new Bootstrap()
            .ChannelFactory(() => Transport.NewSocketChannel(remote))
            .Option(ChannelOption.Allocator, Allocator)
            .Handler(new ActionChannelInitializer<IChannel>(channel =>
            {
                _channels.Add(channel);
                channel.Pipeline.AddLast(handlers);
            }));
        if (transportCase.IsUnpromised)
        {
            bootstrap.Option(Transport.UnpromisedWrites, true);
        }

        configure?.Invoke(bootstrap);
        if (bootstrap.Group() is null)
        {
            bootstrap.Group(Group);
        }

        return bootstrap.ConnectAsync(remote);
    }

    /// <summary>A channel that was accepted from a plain peer.</summary>
    internal Link Accept(Action<ServerBootstrap>? configure = null, Recorder? recorder = null, int? peerReceiveBuffer = null)
    {
        recorder = Watch(recorder);
        var listener = Listen(() => [recorder], configure);
        var peer = Own(Peer.Connect(listener.LocalAddress, peerReceiveBuffer));
        return new Link(Eventually.Get(() => recorder.Saw("active") ? recorder.Channel : null, "the connection is accepted"), recorder, peer);
    }

    /// <summary>A channel that was connected to a plain peer.</summary>
    internal Link Connect(Action<Bootstrap>? configure = null, Recorder? recorder = null)
    {
        recorder = Watch(recorder);
        var listener = ListenPlain();
        var connected = ConnectAsync(listener.LocalEndPoint!, configure, recorder);
        var peer = Own(new Peer(listener.Accept()));
        return new Link(Result(connected), recorder, peer);
    }

    internal Recorder Watch(Recorder? recorder = null)
    {
        recorder ??= new Recorder();
        _recorders.Add(recorder);
        return recorder;
    }

    protected T Own<T>(T disposable)
        where T : IDisposable
    {
        _disposables.Add(disposable);
        return disposable;
    }

    protected static T Result<T>(Task<T> task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    protected static void Completes(Task task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    /// <summary>The exception that ends <paramref name="task"/>.</summary>
    protected static TException Fails<TException>(Task task)
        where TException : Exception
    {
        try
        {
            Completes(task);
        }
        catch (TException failure)
        {
            return failure;
        }

        throw new AssertionException($"no {typeof(TException).Name}, but success");
    }
}
