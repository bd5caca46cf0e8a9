using System.Collections.Concurrent;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Tests.Contract;

/// <summary>The handler of a channel under test: keeps what happened, in order, and runs what the test wants to happen on the loop.</summary>
internal sealed class Recorder : ChannelHandlerAdapter
{
    private readonly Lock _lock = new();
    private readonly MemoryStream _received = new();
    private readonly ConcurrentQueue<string> _events = new();
    private IChannel? _channel;
    private int _strangerCalls;
    private int _receivedBytes;

    /// <summary>Called for each buffer, after it was recorded; the recorder releases it.</summary>
    public Action<IChannelHandlerContext, IByteBuffer>? OnRead { get; init; }

    public Action<IChannelHandlerContext>? OnActive { get; init; }

    public Action<IChannelHandlerContext>? OnReadComplete { get; init; }

    public Action<IChannelHandlerContext, object>? OnUserEvent { get; init; }

    /// <summary>Called with the channel's writability when it changes.</summary>
    public Action<IChannelHandlerContext, bool>? OnWritability { get; init; }

    public IChannel? Channel => Volatile.Read(ref _channel);

    /// <summary>registered, active, read, readComplete, inputShutdown (or the type of another user event), writable, unwritable, error X, inactive, unregistered.</summary>
    public IReadOnlyCollection<string> Events => _events;

    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>Events that came on another thread than the channel's loop.</summary>
    public int StrangerCalls => Volatile.Read(ref _strangerCalls);

    public int ReceivedBytes => Volatile.Read(ref _receivedBytes);

    public byte[] Received
    {
        get
        {
            lock (_lock)
            {
                return _received.ToArray();
            }
        }
    }

    public bool Saw(string name) => _events.Contains(name);

    public int Count(string name) => _events.Count(one => one == name);

    public override void ChannelRegistered(IChannelHandlerContext context)
    {
        Volatile.Write(ref _channel, context.Channel);
        Note(context, "registered");
        context.FireChannelRegistered();
    }

    public override void ChannelActive(IChannelHandlerContext context)
    {
        Note(context, "active");
        OnActive?.Invoke(context);
        context.FireChannelActive();
    }

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        var buffer = (IByteBuffer)message;
        Note(context, "read");
        var bytes = new byte[buffer.ReadableBytes];
        buffer.GetBytes(buffer.ReaderIndex, bytes);
        lock (_lock)
        {
            _received.Write(bytes);
        }

        try
        {
            OnRead?.Invoke(context, buffer);
        }
        finally
        {
            buffer.Release();
            Interlocked.Add(ref _receivedBytes, bytes.Length);
        }
    }

    public override void ChannelReadComplete(IChannelHandlerContext context)
    {
        Note(context, "readComplete");
        OnReadComplete?.Invoke(context);
        context.FireChannelReadComplete();
    }

    public override void ChannelWritabilityChanged(IChannelHandlerContext context)
    {
        var writable = context.Channel.IsWritable;
        Note(context, writable ? "writable" : "unwritable");
        OnWritability?.Invoke(context, writable);
        context.FireChannelWritabilityChanged();
    }

    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        Note(context, evt.GetType().Name);
        OnUserEvent?.Invoke(context, evt);
        context.FireUserEventTriggered(evt);
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception)
    {
        Failures.Enqueue(exception);
        Note(context, "error");
    }

    public override void ChannelInactive(IChannelHandlerContext context)
    {
        Note(context, "inactive");
        context.FireChannelInactive();
    }

    public override void ChannelUnregistered(IChannelHandlerContext context)
    {
        Note(context, "unregistered");
        context.FireChannelUnregistered();
    }

    private void Note(IChannelHandlerContext context, string name)
    {
        if (!context.Channel.EventLoop.InEventLoop)
        {
            Interlocked.Increment(ref _strangerCalls);
        }

        _events.Enqueue(name);
    }
}
