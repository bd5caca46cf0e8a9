using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Proxy.Transport.Tests.Stress;

/// <summary>
/// Sends a pattern in messages of all sizes and checks what comes back, some of it at once, some after it has kept the buffer while others
/// arrived.
/// </summary>
internal sealed class StressClient(IByteBufferAllocator allocator, int seed) : ChannelHandlerAdapter
{
    private const int MostUnderWay = 400_000;

    private readonly Pattern _pattern = new(seed);
    private readonly Random _random = new(seed);
    private readonly Queue<(long Position, IByteBuffer Buffer)> _kept = new();
    private long _sent;
    private long _received;
    private volatile bool _finishing;
    private volatile bool _done;
    private volatile string? _wrong;

    /// <summary>Everything that was sent came back, and nothing more is sent.</summary>
    public bool IsDone => _done;

    /// <summary>What was wrong first.</summary>
    public string? Wrong => _wrong;

    public long Received => Interlocked.Read(ref _received);

    /// <summary>Sends no more.</summary>
    public void Finish() => _finishing = true;

    public override void ChannelActive(IChannelHandlerContext context) => Send(context);

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        var buffer = (IByteBuffer)message;
        _kept.Enqueue((_received, buffer));
        Interlocked.Add(ref _received, buffer.ReadableBytes);
        while (_kept.Count > 4 || (_kept.Count > 0 && _random.Next(3) == 0))
        {
            Check();
        }
    }

    public override void ChannelReadComplete(IChannelHandlerContext context)
    {
        if (_finishing)
        {
            while (_kept.Count > 0)
            {
                Check();
            }

            _done = _received == _sent;
        }
        else
        {
            Send(context);
        }
    }

    public override void ChannelInactive(IChannelHandlerContext context)
    {
        while (_kept.Count > 0)
        {
            Check();
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => _wrong ??= exception.ToString();

    private void Send(IChannelHandlerContext context)
    {
        while (_sent - _received < MostUnderWay)
        {
            var size = _random.Next(1, _random.Next(10) == 0 ? 60_000 : 300);
            var buffer = _random.Next(2) == 0 ? allocator.HeapBuffer(size) : allocator.DirectBuffer(size);
            context.WriteAsync(buffer.WriteBytes(_pattern.At(_sent, size).ToArray()));
            _sent += size;
        }

        context.Flush();
    }

    private void Check()
    {
        var (position, buffer) = _kept.Dequeue();
        var bytes = new byte[buffer.ReadableBytes];
        buffer.ReadBytes(bytes);
        buffer.Release();
        if (!_pattern.Matches(position, bytes))
        {
            _wrong ??= $"{bytes.Length} bytes at {position}";
        }
    }
}
