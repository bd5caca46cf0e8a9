using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace Proxy.Core.Backends;

/// <summary>
/// Turns the channel's events into calls on the connection that owns the channel at the moment. A connection gets a new channel
/// and a new handler at every reconnect, so events of an old channel never reach the new state.
/// </summary>
internal sealed class BackendHandler : ChannelHandlerAdapter
{
    private BackendConnection? _connection;
    private FailureKind _reason = FailureKind.Lost;
    private string? _detail;

    /// <summary>From here on the channel's events are the connection's.</summary>
    public void Attach(BackendConnection connection) => _connection = connection;

    /// <summary>From here on the channel is nobody's: what it still says is dropped.</summary>
    public void Detach() => _connection = null;

    /// <inheritdoc/>
    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        if (message is not IByteBuffer buffer)
        {
            context.FireChannelRead(message);
            return;
        }

        try
        {
            _connection?.OnBytes(buffer.Array.AsSpan(buffer.ArrayOffset + buffer.ReaderIndex, buffer.ReadableBytes));
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
            _connection?.OnWritable();
        }
    }

    /// <inheritdoc/>
    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception)
    {
        if (exception is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted })
        {
            _reason = FailureKind.Reset;
        }
        else if (exception is SocketException socketException)
        {
            _reason = FailureKind.Unreachable;
            _detail = socketException.Message;
        }
        else
        {
            _reason = FailureKind.Lost;
            _detail = exception.Message;
        }

        context.CloseAsync();
    }

    /// <inheritdoc/>
    public override void ChannelInactive(IChannelHandlerContext context)
    {
        var connection = _connection;
        _connection = null;
        connection?.OnClosed(_reason, _detail);
    }
}
