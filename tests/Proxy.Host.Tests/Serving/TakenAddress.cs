using System.Net.Sockets;
using Proxy.Core.Model;

namespace Proxy.Host.Tests.Serving;

/// <summary>An address on which somebody else listens.</summary>
internal sealed class TakenAddress : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TakenAddress()
    {
        _socket.Bind(Address.EndPoint);
        _socket.Listen();
    }

    public AddressModel Address { get; } = Addresses.FreeLoopback();

    public void Dispose() => _socket.Dispose();
}
