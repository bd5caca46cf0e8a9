using System.Net;
using System.Net.Sockets;
using System.Text;
using Proxy.Core.Model;
using Proxy.Resp;

namespace Proxy.Core.Topology;

/// <summary>
/// A question on a control connection: connects, authenticates, sends PING, INFO and CONFIG GET, and closes. It never touches a data
/// connection and never runs on a worker's loop.
/// </summary>
internal static class ServerProbe
{
    private const int MaxReply = 256 * 1024;

    /// <summary>Asks the server whether it answers.</summary>
    /// <param name="server">Address and name.</param>
    /// <param name="pool">Password and timeouts: the connect timeout bounds the whole question twice over.</param>
    /// <param name="cancellation">The end of the control loop.</param>
    /// <returns>Never throws for what the server does; the reason tells.</returns>
    public static async Task<ProbeResult> AskAsync(ServerModel server, PoolModel pool, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Math.Max(pool.ConnectTimeoutMs, 100) * 2);
        try
        {
            using var socket = await ConnectAsync(server.Address.EndPoint, deadline.Token).ConfigureAwait(false);
            if (pool.Password is { } password)
            {
                var answer = await CallAsync(socket, deadline.Token, "AUTH"u8.ToArray(), password).ConfigureAwait(false);
                if (answer.StartsWith('-'))
                {
                    return ProbeResult.Failed("AUTH was refused: " + answer[1..].TrimEnd());
                }
            }

            var pong = await CallAsync(socket, deadline.Token, "PING"u8.ToArray()).ConfigureAwait(false);
            if (!pong.StartsWith("+PONG", StringComparison.Ordinal))
            {
                return ProbeResult.Failed("PING was answered with " + pong.TrimEnd());
            }

            var info = await CallAsync(socket, deadline.Token, "INFO"u8.ToArray(), "server"u8.ToArray()).ConfigureAwait(false);
            var databases = await CallAsync(socket, deadline.Token, "CONFIG"u8.ToArray(), "GET"u8.ToArray(), "databases"u8.ToArray())
                .ConfigureAwait(false);
            return new ProbeResult(true, "", ServerFacts.Read(info, databases));
        }
        catch (OperationCanceledException)
        {
            return ProbeResult.Failed("no answer in time");
        }
        catch (SocketException e)
        {
            return ProbeResult.Failed(e.Message);
        }
        catch (IOException e)
        {
            return ProbeResult.Failed(e.Message);
        }
    }

    private static async Task<Socket> ConnectAsync(EndPoint endPoint, CancellationToken cancellation)
    {
        var socket = endPoint.AddressFamily == AddressFamily.Unix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, cancellation).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<string> CallAsync(Socket socket, CancellationToken cancellation, params byte[][] arguments)
    {
        var request = new MemoryStream();
        request.Write(Encoding.ASCII.GetBytes($"*{arguments.Length}\r\n"));
        foreach (var argument in arguments)
        {
            request.Write(Encoding.ASCII.GetBytes($"${argument.Length}\r\n"));
            request.Write(argument);
            request.Write("\r\n"u8);
        }

        await socket.SendAsync(request.ToArray(), cancellation).ConfigureAwait(false);

        var scanner = new ReplyScanner();
        var reply = new MemoryStream();
        var buffer = new byte[4096];
        while (reply.Length < MaxReply)
        {
            var count = await socket.ReceiveAsync(buffer, cancellation).ConfigureAwait(false);
            if (count == 0)
            {
                throw new IOException("the server closed the connection");
            }

            reply.Write(buffer, 0, count);
            switch (scanner.Scan(buffer.AsSpan(0, count), out _))
            {
                case ReplyScanStatus.Complete:
                    return Encoding.UTF8.GetString(reply.ToArray());
                case ReplyScanStatus.Error:
                    throw new IOException("the server does not speak RESP: " + scanner.Problem);
            }
        }

        throw new IOException("the server's answer does not end");
    }
}
