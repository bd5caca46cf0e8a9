using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Proxy.Testing;

/// <summary>
/// A Redis client of raw bytes: sends what it is told, hands out whole replies as they stood on the wire. In texts each character is one
/// byte (Latin-1). One thread at a time may send and one may read.
/// </summary>
public sealed class RespClient : IDisposable
{
    private readonly Socket _socket;
    private readonly ByteQueue _received = new();

    private RespClient(Socket socket)
    {
        _socket = socket;
        ReplyDeadline = TimeSpan.FromSeconds(20);
    }

    /// <summary>How long a read may wait for bytes before it fails with <see cref="TimeoutException"/>.</summary>
    public TimeSpan ReplyDeadline
    {
        get => TimeSpan.FromMilliseconds(_socket.ReceiveTimeout);
        set => _socket.ReceiveTimeout = (int)value.TotalMilliseconds;
    }

    /// <summary>True once the other side closed or reset the connection and everything received was read.</summary>
    public bool IsClosed { get; private set; }

    public static RespClient Connect(int port) => Connect(new IPEndPoint(IPAddress.Loopback, port));

    /// <param name="endPoint">TCP or Unix socket.</param>
    /// <param name="receiveBuffer">Bytes the kernel may hold for a client that does not read; 0: the system's default.</param>
    public static RespClient Connect(EndPoint endPoint, int receiveBuffer = 0)
    {
        var protocol = endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp;
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol);
        try
        {
            if (receiveBuffer > 0)
            {
                socket.ReceiveBufferSize = receiveBuffer;
            }

            socket.Connect(endPoint);
            if (protocol == ProtocolType.Tcp)
            {
                socket.NoDelay = true;
            }

            return new RespClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    public void Send(string bytes) => Send(Encoding.Latin1.GetBytes(bytes));

    /// <summary>Sends bytes to somebody who may have closed the connection already; stops quietly when that is so.</summary>
    /// <returns>True when all bytes went out.</returns>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Send(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Sends one request as an array of bulk strings.</summary>
    public void SendCommand(params ReadOnlySpan<string> arguments) => Send(RespFrame.Request(arguments));

    /// <summary>Sends one request and returns its whole reply.</summary>
    public string Call(params ReadOnlySpan<string> arguments)
    {
        SendCommand(arguments);
        return ReadReply();
    }

    /// <summary>One whole reply, as on the wire.</summary>
    /// <exception cref="EndOfStreamException">The connection ended before the reply did.</exception>
    public string ReadReply() => Encoding.Latin1.GetString(ReadReplyBytes());

    /// <inheritdoc cref="ReadReply"/>
    public byte[] ReadReplyBytes()
    {
        while (true)
        {
            var length = _received.Unread.IsEmpty ? 0 : RespFrame.Length(_received.Unread);
            if (length > 0)
            {
                return _received.Take(length);
            }

            if (!Receive())
            {
                throw new EndOfStreamException($"connection closed; unread: '{Encoding.Latin1.GetString(_received.Unread)}'");
            }
        }
    }

    /// <summary>One whole reply if it has arrived, else null; never waits.</summary>
    public string? TryReadReply()
    {
        var length = _received.Unread.IsEmpty ? 0 : RespFrame.Length(_received.Unread);
        while (length == 0 && !IsClosed && _socket.Poll(0, SelectMode.SelectRead) && Receive())
        {
            length = RespFrame.Length(_received.Unread);
        }

        return length == 0 ? null : Encoding.Latin1.GetString(_received.Take(length));
    }

    /// <summary>The next <paramref name="count"/> replies together.</summary>
    public string ReadReplies(int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(ReadReply());
        }

        return text.ToString();
    }

    /// <summary>Everything up to the end of the connection.</summary>
    public string ReadToEnd()
    {
        while (Receive())
        {
        }

        return Encoding.Latin1.GetString(_received.Take(_received.Unread.Length));
    }

    /// <summary>True if something arrived that was not read, or the connection ended.</summary>
    public bool HasInput => IsClosed || !_received.Unread.IsEmpty || _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Bytes that arrived and were not read; takes what the kernel holds, never waits.</summary>
    public string ReadAvailable()
    {
        while (!IsClosed && _socket.Poll(0, SelectMode.SelectRead) && Receive())
        {
        }

        return Encoding.Latin1.GetString(_received.Take(_received.Unread.Length));
    }

    /// <summary>True when the other side has closed the connection and nothing is left to read; never waits.</summary>
    public bool HasEnded() => ReadAvailable().Length == 0 && IsClosed;

    /// <summary>Closes the sending direction only (FIN).</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a reset (RST), as a crashed client does.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private bool Receive()
    {
        if (IsClosed)
        {
            return false;
        }

        try
        {
            var count = _socket.Receive(_received.Room());
            _received.Added(count);
            IsClosed = count == 0;
        }
        catch (SocketException problem) when (problem.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            IsClosed = true;
        }
        catch (SocketException problem) when (problem.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            throw new TimeoutException(
                $"no byte within {ReplyDeadline.TotalSeconds:0.#} s; unread: '{Encoding.Latin1.GetString(_received.Unread)}'", problem);
        }

        return !IsClosed;
    }
}
