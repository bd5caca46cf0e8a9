using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using Proxy.Core.Workers;

namespace Proxy.Core.Backends;

/// <summary>
/// Turns the channel's events into calls on whoever owns the channel at the moment: at first the opener, then the connection.
/// Every channel has its own handler, so events of an old channel never reach the new state.
/// </summary>
internal sealed class BackendHandler : ChannelHandlerAdapter
{
    private readonly InputReferences _references;
    private IBackendChannelOwner? _owner;
    private FailureKind _reason = FailureKind.Lost;
    private string? _detail;

    /// <param name="references">Is told what is being read.</param>
    public BackendHandler(InputReferences references)
    {
        _references = references;
    }

    /// <summary>From here on the channel's events are the owner's.</summary>
    public void Attach(IBackendChannelOwner owner) => _owner = owner;

    /// <summary>From here on the channel is nobody's: what it still says is dropped.</summary>
    public void Detach() => _owner = null;

    /// <inheritdoc/>
    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        if (message is not IByteBuffer buffer)
        {
            context.FireChannelRead(message);
            return;
        }

        using var reading = _references.Read(buffer);
        try
        {
            _owner?.OnBytes(buffer.Array.AsSpan(buffer.ArrayOffset + buffer.ReaderIndex, buffer.ReadableBytes));
        }
        finally
        {
            buffer.Release();
        }
    }

    /// <inheritdoc/>
    public override void ChannelWritabilityChanged(IChannelHandlerContext context)
    {
        if (context.Channel.IsWritable)
        {
            _owner?.OnWritable();
        }
    }

    /// <inheritdoc/>
    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception)
    {
        _reason = exception is SocketException socketException ? SocketFailures.Kind(socketException.SocketErrorCode) : FailureKind.Lost;
        _detail = _reason == FailureKind.Reset ? null : exception.Message;
        context.CloseAsync();
    }

    /// <inheritdoc/>
    public override void ChannelInactive(IChannelHandlerContext context)
    {
        var owner = _owner;
        _owner = null;
        owner?.OnClosed(_reason, _detail);
    }
}
