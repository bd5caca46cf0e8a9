using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.Tests.Contract;

namespace Proxy.Transport.Tests.Faults;

/// <summary>Reading and writing on a system that misbehaves: what can be survived costs no byte, what cannot ends as the contract says.</summary>
[TestFixture(AddressKind.Ipv4)]
[TestFixture(AddressKind.Unix)]
public sealed class DataFaultTests(AddressKind kind) : FaultFixture(kind)
{
    private static readonly FaultPlan Survivable = new() { ShortSend = 0.3, ShortReceive = 0.3, Again = 0.2, Interrupted = 0.2 };

    [Test]
    public void ShortCallsInterruptionsAndFalseRefusals_EveryByteComesBack([Values] bool unpromised)
    {
        var listener = Listen(() => [Echo()], b => b.ChildOption(Transport.UnpromisedWrites, unpromised));
        var recorders = Enumerable.Range(0, 6).Select(_ => Watch()).ToArray();
        Kernel.Plan = Survivable;
        var sent = recorders.Select((recorder, number) =>
        {
            var channel = Result(ConnectAsync(listener.LocalAddress, b => b.Option(Transport.UnpromisedWrites, unpromised), recorder));
            var bytes = RandomBytes(300_000, number);
            WriteInPieces(channel, bytes, new Random(number));
            return bytes;
        }).ToArray();
        foreach (var (recorder, bytes) in recorders.Zip(sent))
        {
            Eventually.Equal(() => recorder.ReceivedBytes, bytes.Length, "everything came back");
            Assert.That(recorder.Received.AsSpan().SequenceEqual(bytes), Is.True);
        }

        Assert.That(Kernel.Faults, Is.GreaterThan(100));
    }

    [Test]
    public void OneFault_AtEveryCall_EveryByteComesBack([Values("send", "receive", "again", "interrupted")] string fault)
    {
        var listener = Listen(() => [Echo()]);
        var recorder = Watch();
        var channel = Result(ConnectAsync(listener.LocalAddress, null, recorder));
        Kernel.Plan = fault switch
        {
            "send" => new FaultPlan { ShortSend = 1 },
            "receive" => new FaultPlan { ShortReceive = 1 },
            "again" => new FaultPlan { Again = 0.9 },
            _ => new FaultPlan { Interrupted = 0.9 },
        };
        var bytes = RandomBytes(100_000);
        WriteInPieces(channel, bytes, new Random(1));
        Eventually.Equal(() => recorder.ReceivedBytes, bytes.Length, "everything came back");
        Assert.That(recorder.Received.AsSpan().SequenceEqual(bytes), Is.True);
    }

    [Test]
    public void BrokenAtAnyPoint_WhatCameIsRightAndTheEndIsTold([Values] bool unpromised)
    {
        var listener = Listen(() => [Echo()], b => b.ChildOption(Transport.UnpromisedWrites, unpromised));
        var recorders = Enumerable.Range(0, 40).Select(_ => Watch()).ToArray();
        var connected = recorders
            .Select(recorder => Result(ConnectAsync(listener.LocalAddress, b => b.Option(Transport.UnpromisedWrites, unpromised), recorder)))
            .ToArray();
        Kernel.Plan = Survivable with { Broken = 0.05 };
        var sent = connected.Select((channel, number) =>
        {
            var bytes = RandomBytes(100_000, number);
            WriteInPieces(channel, bytes, new Random(number));
            return bytes;
        }).ToArray();
        Eventually.True(
            () => connected.Zip(recorders).Zip(sent).All(one => !one.First.First.Open || one.First.Second.ReceivedBytes == one.Second.Length),
            "each is done or broken");
        Kernel.Plan = new FaultPlan();
        foreach (var (recorder, bytes) in recorders.Zip(sent))
        {
            Assert.That(bytes.AsSpan().StartsWith(recorder.Received), Is.True, "what came back is the beginning of what was sent");
        }

        var broken = recorders.Where(recorder => !recorder.Channel!.Open).ToArray();
        Assert.That(broken, Is.Not.Empty);
        foreach (var recorder in broken)
        {
            WaitForEnd(recorder);
            Assert.That(recorder.Failures.Count(failure => failure is SocketException), Is.LessThanOrEqualTo(1), "told once at most");
            Assert.That(recorder.Count("inactive"), Is.EqualTo(1));
        }
    }

    [Test]
    public void SendFindsItBroken_PromisesFailAndTheFailureIsToldOnce()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.AutoRead, false));
        Kernel.Plan = new FaultPlan { Broken = 1 };
        var written = link.OnLoop(() =>
        {
            link.Channel.WriteAsync(Buffer("a"u8));
            return link.Channel.WriteAndFlushAsync(Buffer("b"u8));
        });
        var failure = Fails<SocketException>(written);
        WaitForEnd(link.Recorder);
        Assert.That(failure.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset).Or.EqualTo(SocketError.Shutdown));
        Assert.That(link.Recorder.Events, Is.EqualTo(new[] { "registered", "active", "error", "inactive", "unregistered" }));
    }

    [Test]
    public void ReceiveFindsItBroken_TheFailureIsToldOnce()
    {
        var link = Accept();
        Kernel.Plan = new FaultPlan { Broken = 1 };
        link.Peer.Send("x"u8);
        WaitForEnd(link.Recorder);
        Assert.That(link.Recorder.Events, Is.EqualTo(new[] { "registered", "active", "error", "inactive", "unregistered" }));
    }

    [Test]
    public void InterruptedWhileClosing_RepliesStillArrive()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.AutoRead, false));
        link.Peer.Send(new byte[20_000]);
        var bytes = RandomBytes(50_000);
        Kernel.Plan = new FaultPlan { Interrupted = 0.5 };
        link.OnLoop(() =>
        {
            link.Channel.WriteAndFlushAsync(Buffer(bytes));
            link.Channel.CloseAsync();
        });
        Assert.That(link.Peer.ReceiveToEnd(), Is.EqualTo(bytes));
    }

    [Test]
    public void FalseRefusals_TheWatermarksStillHold()
    {
        const int Total = 2_000_000;
        var sent = 0;
        void Fill(IChannel channel)
        {
            while (channel.IsWritable && sent < Total)
            {
                channel.WriteAndFlushAsync(Buffer(new byte[10_000]));
                sent += 10_000;
            }
        }

        var link = Accept(
            b => b.ChildOption(ChannelOption.SoSndbuf, 4096).ChildOption(Transport.UnpromisedWrites, true),
            new Recorder { OnWritability = (context, _) => Fill(context.Channel) });
        Kernel.Plan = new FaultPlan { Again = 0.3, ShortSend = 0.3 };
        link.OnLoop(() => Fill(link.Channel));
        Assert.That(link.Peer.Receive(Total), Has.Length.EqualTo(Total));
    }
}
