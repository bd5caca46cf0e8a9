using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Proxy.Core.Tests.HotPath;

/// <summary>
/// A server that answers each request by its number of arguments and nothing else, and allocates nothing itself. Arguments must not
/// hold a <c>*</c>, and no request more than nine.
/// </summary>
internal sealed class FixedServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[][] _replies;

    /// <param name="reply">The reply to a request with that many arguments, the command's name included.</param>
    public FixedServer(Func<int, string> reply)
    {
        _replies = [.. Enumerable.Range(0, 10).Select(count => Encoding.Latin1.GetBytes(reply(count)))];
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var connection = _listener.Accept();
                new Thread(() => Serve(connection)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // The end of the test.
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private void Serve(Socket connection)
    {
        using (connection)
        {
            var input = new byte[256 * 1024];
            var output = new byte[4 * 1024 * 1024];
            var afterStar = false;
            while (connection.Receive(input, SocketFlags.None, out _) is > 0 and var received)
            {
                var length = 0;
                foreach (var next in input.AsSpan(0, received))
                {
                    if (afterStar)
                    {
                        var reply = _replies[next - '0'];
                        reply.CopyTo(output, length);
                        length += reply.Length;
                    }

                    afterStar = next == '*';
                }

                connection.Send(output.AsSpan(0, length));
            }
        }
    }
}
