using System.Net;
using System.Net.Sockets;

namespace Proxy.Testing;

/// <summary>
/// An address on 127.0.0.1 whose connects neither succeed nor fail, as behind a firewall that drops packets: a listener whose queue of
/// unaccepted connections is full, so that the kernel drops every further SYN.
/// </summary>
public sealed class BlackHole : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _filling = [];

    private BlackHole(int port)
    {
        Port = port;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(0);
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public static BlackHole Start()
    {
        var hole = new BlackHole(FreePort.Next());
        while (hole.Connects())
        {
        }

        return hole;
    }

    public void Dispose()
    {
        _filling.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }

    private bool Connects()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        _filling.Add(socket);
        try
        {
            socket.Connect(IPAddress.Loopback, Port);
        }
        catch (SocketException problem) when (problem.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // Decided below.
        }

        return socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectWrite);
    }
}
