using System.Net;
using System.Net.Sockets;
using System.Text;
using Proxy.Core.Model;
using Proxy.Resp;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Topology;

/// <summary>
/// A question on a control connection: connects, authenticates, sends PING, INFO, CONFIG GET and COMMAND, and closes. It never touches a data
/// connection and never runs on a worker's loop.
/// </summary>
internal static class ServerProbe
{
    private const int MaxReply = 256 * 1024;

    /// <summary>Redis 7.0 tells of its commands in 90 KB, Redis 8 with its modules in about three times that.</summary>
    private const int MaxCommands = 4 * 1024 * 1024;

    /// <summary>How long a server may take to tell of its commands, beyond which it is one that does not.</summary>
    private static readonly TimeSpan CommandsLimit = TimeSpan.FromSeconds(2);

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
            return new ProbeResult(true, "", ServerFacts.Read(info, databases))
            {
                Commands = await AskCommandsAsync(socket, cancellation).ConfigureAwait(false),
            };
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

    /// <summary>Null if it does not tell. That it has none beside those that everybody knows is told too, also by refusing to.</summary>
    private static async Task<CommandReport?> AskCommandsAsync(Socket socket, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(CommandsLimit);
        try
        {
            return CommandReport.Read((await AskAsync(socket, MaxCommands, deadline.Token, "COMMAND"u8.ToArray()).ConfigureAwait(false)).Span);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            return null;
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

    private static async Task<string> CallAsync(Socket socket, CancellationToken cancellation, params byte[][] arguments) =>
        Encoding.UTF8.GetString((await AskAsync(socket, MaxReply, cancellation, arguments).ConfigureAwait(false)).Span);

    private static async Task<ReadOnlyMemory<byte>> AskAsync(Socket socket, int maxReply, CancellationToken cancellation, params byte[][] arguments)
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
        var buffer = new byte[16 * 1024];
        while (reply.Length < maxReply)
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
                    return reply.GetBuffer().AsMemory(0, (int)reply.Length);
                case ReplyScanStatus.Error:
                    throw new IOException("the server does not speak RESP: " + scanner.Problem);
            }
        }

        throw new IOException("the server's answer does not end");
    }
}
