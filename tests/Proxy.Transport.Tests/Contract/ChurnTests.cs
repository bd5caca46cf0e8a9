using System.Collections.Concurrent;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>Many connections come and go; the fixture then proves that nothing is left.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.All))]
public sealed class ChurnTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [TestCase(400)]
    [TestCase(5000, Category = "Long")]
    public void ManyConnections_ClosedFromEitherSideInEveryWay(int connections)
    {
        var open = new ConcurrentDictionary<IChannel, bool>();
        var listener = Listen(() => [Watch(new Recorder
        {
            OnActive = context =>
            {
                open[context.Channel] = true;
                context.Channel.CloseCompletion.ContinueWith(_ => open.TryRemove(context.Channel, out var _));
            },
            OnRead = (context, buffer) => context.WriteAndFlushAsync(buffer.Retain()),
        })]);
        var random = new Random(5);
        for (var number = 0; number < connections; number++)
        {
            using var peer = Peer.Connect(listener.LocalAddress);
            switch (random.Next(5))
            {
                case 0:
                    break;
                case 1:
                    peer.Send("unanswered"u8);
                    break;
                case 2:
                    peer.Send("answered"u8);
                    peer.Receive(8);
                    break;
                case 3:
                    peer.Send(new byte[100_000]);
                    peer.Reset();
                    break;
                default:
                    peer.Send("end"u8);
                    peer.Finish();
                    peer.Receive(3);
                    peer.ReceiveToEnd();
                    break;
            }
        }

        Eventually.Equal(() => open.Count, 0, "all channels are closed");
    }

    [Test]
    public void DescriptorUsedAgainAtOnce_EventsOfTheOldOneReachNobody()
    {
        var loop = Group.GetNext();
        var plain = ListenPlain();
        var fresh = Watch();
        Task<IChannel>? again = null;
        var channels = new List<IChannel>();
        Recorder Closing() => Watch(new Recorder
        {
            OnRead = (context, _) =>
            {
                // The other one's bytes are there too, and its descriptor goes to the new channel.
                foreach (var other in channels.Where(other => other != context.Channel))
                {
                    other.CloseAsync();
                }

                again ??= ConnectAsync(plain.LocalEndPoint!, b => b.Group(loop), fresh);
            },
        });
        var recorders = new[] { Closing(), Closing() };
        var peers = recorders.Select(recorder =>
        {
            var connected = ConnectAsync(plain.LocalEndPoint!, b => b.Group(loop), recorder);
            var peer = Own(new Peer(plain.Accept()));
            channels.Add(Result(connected));
            return peer;
        }).ToArray();
        using (var bothSent = new ManualResetEventSlim())
        {
            loop.Execute(bothSent.Wait);
            foreach (var peer in peers)
            {
                peer.Send("stale"u8);
            }

            bothSent.Set();
        }

        var freshPeer = Own(new Peer(plain.Accept()));
        Eventually.True(() => fresh.Saw("active"), "the new channel is connected");
        freshPeer.Send("fresh"u8);
        Eventually.Equal(() => fresh.ReceivedBytes, 5, "the new channel reads");
        Assert.That(fresh.Received, Is.EqualTo("fresh"u8.ToArray()));
        Assert.That(recorders.Sum(recorder => recorder.ReceivedBytes), Is.EqualTo(5), "a closed channel reads no more");
        Assert.That(Result(again!).Active, Is.True);
    }

    [Test]
    public void HundredsOfConnects_ClosedByUs()
    {
        var listener = Listen(() => [new Recorder()]);
        for (var round = 0; round < 10; round++)
        {
            var channels = Enumerable.Range(0, 30).Select(_ => ConnectAsync(listener.LocalAddress, null, new Recorder())).Select(Result).ToArray();
            foreach (var channel in channels)
            {
                channel.WriteAndFlushAsync(Buffer("x"u8));
                channel.CloseAsync();
            }

            Completes(Task.WhenAll(channels.Select(channel => channel.CloseCompletion)));
        }
    }

    [Test]
    public void ShutdownUnderLoad_ClosesEverything()
    {
        var group = Transport.NewEventLoopGroup(2);
        var address = NewAddress();
        var flooding = new Recorder
        {
            OnActive = context => Flood(context.Channel),
            OnWritability = (context, _) => Flood(context.Channel),
        };
        var listener = Transport.NewServerChannel(address);
        var bootstrap = new DotNetty.Transport.Bootstrapping.ServerBootstrap()
            .Group(group)
            .ChannelFactory(() => listener)
            .ChildOption(ChannelOption.Allocator, Allocator)
            .ChildHandler(new ActionChannelInitializer<IChannel>(channel => channel.Pipeline.AddLast(new Recorder
            {
                OnActive = flooding.OnActive,
                OnWritability = flooding.OnWritability,
            })));
        Completes(bootstrap.BindAsync(address));
        var peers = Enumerable.Range(0, 20).Select(_ => Own(Peer.Connect(listener.LocalAddress))).ToArray();
        var reading = peers.Select(peer => Task.Run(() => ReadToAnyEnd(peer))).ToArray();
        foreach (var peer in peers)
        {
            peer.Send(new byte[1000]);
        }

        Shutdown(group);
        Completes(Task.WhenAll(reading));
        Assert.That(listener.Open, Is.False);
        Assert.That(reading.Select(task => task.Result), Has.None.EqualTo(SocketError.TimedOut).And.None.EqualTo(SocketError.WouldBlock));
    }

    private void Flood(IChannel channel)
    {
        while (channel.Active && channel.IsWritable)
        {
            channel.WriteAndFlushAsync(Buffer(new byte[20_000]));
        }
    }

    private static SocketError ReadToAnyEnd(Peer peer)
    {
        try
        {
            peer.ReceiveToEnd();
            return SocketError.Success;
        }
        catch (SocketException end)
        {
            return end.SocketErrorCode; // a reset is an end as well
        }
    }
}
