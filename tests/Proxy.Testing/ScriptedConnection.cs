using System.Net.Sockets;
using System.Text;

namespace Proxy.Testing;

/// <summary>
/// One connection to a <see cref="ScriptedServer"/>, in the hands of its script. Each character of a text is one byte (Latin-1).
/// </summary>
public sealed class ScriptedConnection
{
    private readonly ScriptedServer _server;
    private readonly Socket _socket;
    private readonly ByteQueue _received = new();

    internal ScriptedConnection(ScriptedServer server, Socket socket, int index)
    {
        _server = server;
        _socket = socket;
        Index = index;
    }

    /// <summary>0 for the first connection that the server accepted.</summary>
    public int Index { get; }

    /// <summary>
    /// The next request's arguments. PING, INFO, CONFIG and COMMAND alone are the proxy's own questions (a client's never get here): while
    /// <see cref="ScriptedServer.IsHealthy"/> they are answered without the script's knowledge, else they get no answer.
    /// </summary>
    /// <exception cref="EndOfStreamException">The proxy closed the connection: ends the script.</exception>
    public string[] ReadRequest()
    {
        while (true)
        {
            var length = _received.Unread.IsEmpty ? 0 : RespFrame.Length(_received.Unread);
            if (length == 0)
            {
                Receive();
                continue;
            }

            var request = RespFrame.Arguments(_received.Take(length));
            if (request[0] is "PING" or "INFO" or "CONFIG" || request is ["COMMAND"])
            {
                if (_server.IsHealthy)
                {
                    Send(AnswerToProxy(request[0]));
                }

                continue;
            }

            _server.Record(this, request);
            return request;
        }
    }

    /// <summary>Reads and drops <paramref name="count"/> bytes, whatever they are.</summary>
    public void ReadBytes(int count)
    {
        for (var read = 0; read < count; read += _received.Take(_received.Unread.Length).Length)
        {
            Receive();
        }
    }

    public void Send(string bytes)
    {
        var unsent = Encoding.Latin1.GetBytes(bytes).AsSpan();
        while (!unsent.IsEmpty)
        {
            unsent = unsent[_socket.Send(unsent)..];
        }
    }

    /// <summary>
    /// Answers every request with what <paramref name="answer"/> returns (null: nothing) until the proxy closes the connection.
    /// </summary>
    public void AnswerAll(Func<string[], string?> answer)
    {
        while (true)
        {
            if (answer(ReadRequest()) is { } reply)
            {
                Send(reply);
            }
        }
    }

    /// <summary>Reads and records what comes, answers nothing, until the proxy closes the connection.</summary>
    public void Stall() => AnswerAll(_ => null);

    /// <summary>Reads nothing until the server is disposed or the proxy is gone: the proxy's bytes stay in the kernel's buffers.</summary>
    public void NeverRead() => _server.WaitForEnd();

    /// <summary>Ends the connection with a reset (RST).</summary>
    public void Reset()
    {
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (ObjectDisposedException)
        {
            // Ended already.
        }

        _socket.Dispose();
    }

    /// <summary>Ends the connection with a FIN, after everything that was sent.</summary>
    public void Close()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // The other side was faster, or it has ended already.
        }

        _socket.Dispose();
    }

    private string AnswerToProxy(string question) => question switch
    {
        "PING" => "+PONG\r\n",
        "INFO" => RespFrame.Bulk($"# Server\r\nredis_version:{_server.Version}\r\n"),
        "COMMAND" => _server.TellCommands(),
        _ => RespFrame.Array("databases", "16"),
    };

    private void Receive()
    {
        var count = _socket.Receive(_received.Room());
        if (count == 0)
        {
            throw new EndOfStreamException("the proxy closed the connection");
        }

        _received.Added(count);
    }
}
