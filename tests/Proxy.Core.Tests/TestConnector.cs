using System.Text;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Embedded;
using Proxy.Core.Backends;
using Proxy.Core.Topology;
using Proxy.Core.Workers;

namespace Proxy.Core.Tests;

/// <summary>Servers in the hands of a test: it lets them be connected to, reads what they were sent, and speaks for them.</summary>
internal sealed class TestConnector : IBackendConnector
{
    private readonly List<Attempt> _attempts = [];

    /// <summary>Connections that were asked for, ever.</summary>
    public int Attempts => _attempts.Count;

    public void Connect(
        Worker worker, Server server, TimeSpan timeout, Action<IChannel, BackendHandler> connected, Action<BackendFailure> failed) =>
        _attempts.Add(new Attempt(worker, server, connected, failed));

    /// <summary>Lets an attempt succeed that is not for a lease.</summary>
    /// <returns>The server's end.</returns>
    public EmbeddedChannel AcceptShared(int attempt)
    {
        var (worker, _, connected, _) = _attempts[attempt];
        var handler = new BackendHandler(worker.Blocks.References);
        var channel = new EmbeddedChannel(handler);
        connected(channel, handler);
        return channel;
    }

    /// <summary>Lets an attempt for a lease succeed and answers CLIENT ID with 100 more than its number.</summary>
    /// <returns>The server's end.</returns>
    public EmbeddedChannel Accept(int attempt)
    {
        var channel = AcceptShared(attempt);
        if (channel.Active)
        {
            Sent(channel);
            Send(channel, $":{100 + attempt}\r\n");
        }

        return channel;
    }

    /// <summary>Lets an attempt fail.</summary>
    public void Refuse(int attempt) => _attempts[attempt].Failed(new BackendFailure(FailureKind.Refused, _attempts[attempt].Server));

    /// <summary>What the server was sent since the last call.</summary>
    public static string Sent(EmbeddedChannel channel)
    {
        var sent = new StringBuilder();
        while (channel.ReadOutbound<IByteBuffer>() is { } buffer)
        {
            sent.Append(buffer.ToString(Encoding.Latin1));
            buffer.Release();
        }

        return sent.ToString();
    }

    /// <summary>The server sends something.</summary>
    public static void Send(EmbeddedChannel channel, string bytes) =>
        channel.WriteInbound(Unpooled.WrappedBuffer(Encoding.Latin1.GetBytes(bytes)));

    private sealed record Attempt(Worker Worker, Server Server, Action<IChannel, BackendHandler> Connected, Action<BackendFailure> Failed);
}
