using System.Net.Sockets;
using DotNetty.Buffers;

namespace Proxy.Transport.IoUring;

/// <summary>
/// Tries whether a send that forgoes its completion tells how much it has sent when that is not everything. The first kernels that know such
/// sends say "try again" then, and the bytes that have gone would be sent twice.
/// </summary>
internal static class QuickSendProbe
{
    // More than a Unix socket takes.
    private const int Bytes = 4 * 1024 * 1024;

    /// <summary>Whether it does, with one piece of memory and with several.</summary>
    /// <param name="ring">A ring with nothing pending.</param>
    public static bool Tells(IoUringRing ring) => Tells(ring, pieces: 1) && Tells(ring, pieces: 2);

    private static bool Tells(IoUringRing ring, int pieces)
    {
        using var sockets = new ProbeSockets();
        using var accepted = sockets.Listener.Accept();
        using var gatherer = new SendGatherer();
        var send = new OutgoingSend();
        try
        {
            gatherer.Begin(send, retain: false);
            for (var piece = 0; piece < pieces; piece++)
            {
                gatherer.Add(Unpooled.WrappedBuffer(new byte[Bytes / pieces]));
            }

            gatherer.End();
            ring.Queue(Submissions.Send((int)accepted.Handle, gatherer, quick: true, userData: 1));
            ring.Enter(0, TimeSpan.Zero);
            return ring.TryTake(out var completion) && completion.Result > 0 && completion.Result == Arrived(sockets.Client);
        }
        finally
        {
            send.Unpin();
        }
    }

    private static int Arrived(Socket socket)
    {
        socket.Blocking = false;
        var buffer = new byte[64 * 1024];
        var total = 0;
        while (socket.Receive(buffer, SocketFlags.None, out _) is > 0 and var received)
        {
            total += received;
        }

        return total;
    }
}
