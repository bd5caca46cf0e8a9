using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>io_uring without one of its features: what each of them could break, in short.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.EachWithout))]
public sealed class MissingFeatureTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void ManyEchoes_EveryByteComesBack()
    {
        var echoes = Listen(() => [Watch(new Recorder
        {
            OnRead = (context, buffer) => context.WriteAsync(buffer.Retain()),
            OnReadComplete = context => context.Flush(),
        })]);
        var bytes = RandomBytes(100_000);
        var recorders = Enumerable.Range(0, 20).Select(_ => Watch()).ToArray();
        foreach (var recorder in recorders)
        {
            WriteInPieces(Result(ConnectAsync(echoes.LocalAddress, null, recorder)), bytes, new Random(1), 5000);
        }

        foreach (var recorder in recorders)
        {
            Eventually.Equal(() => recorder.ReceivedBytes, bytes.Length, "everything came back");
            Assert.That(recorder.Received.AsSpan().SequenceEqual(bytes), Is.True);
        }
    }

    [Test]
    public void PeerReadsSlowly_EverythingArrivesBeforeTheEnd()
    {
        var bytes = RandomBytes(500_000);
        var link = Accept(b => b.ChildOption(DotNetty.Transport.Channels.ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        link.OnLoop(() =>
        {
            WriteInPieces(link.Channel, bytes, new Random(1), 20_000);
            link.Channel.WriteAndFlushAsync(SocketShutdown.Send).ContinueWith(_ => link.Channel.CloseAsync());
        });
        Assert.That(link.Peer.ReceiveToEnd(), Is.EqualTo(bytes));
    }

    [Test]
    public void AutoReadSwitched_NothingIsLost()
    {
        var link = Accept();
        var bytes = RandomBytes(1_000_000);
        var sender = Task.Run(() => link.Peer.Send(bytes));
        for (var round = 0; !sender.IsCompleted; round++)
        {
            link.Channel.Configuration.AutoRead = round % 2 == 1;
        }

        link.Channel.Configuration.AutoRead = true;
        Completes(sender);
        Eventually.Equal(() => link.Recorder.ReceivedBytes, bytes.Length, "everything has arrived");
        Assert.That(link.Recorder.Received.AsSpan().SequenceEqual(bytes), Is.True);
    }
}
