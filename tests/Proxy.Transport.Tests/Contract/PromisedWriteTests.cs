using DotNetty.Transport.Channels;
using NUnit.Framework;

namespace Proxy.Transport.Tests.Contract;

/// <summary>What the task of a write tells when the channel closes.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.All))]
public sealed class PromisedWriteTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void CloseWhileWritesWait_TheyFailAtOnce()
    {
        var link = Accept(b => b.ChildOption(ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        var written = link.OnLoop(() =>
        {
            link.Channel.WriteAsync(Buffer(new byte[1_000_000]));
            return link.Channel.WriteAndFlushAsync(Buffer(new byte[1_000_000]));
        });
        Completes(link.Channel.CloseAsync());
        Fails<ClosedChannelException>(written);
        Assert.That(link.Peer.ReceiveToEnd(), Has.Length.LessThan(1_000_000), "what waited is not sent");
    }

    [Test]
    public void CloseBeforeTheFlush_WritesFail()
    {
        var link = Accept();
        var written = link.OnLoop(() => link.Channel.WriteAsync(Buffer("never flushed"u8)));
        Completes(link.Channel.CloseAsync());
        Fails<ClosedChannelException>(written);
        Assert.That(link.Peer.ReceiveToEnd(), Is.Empty);
    }

    [Test]
    public void CloseInsideTheContinuationOfAWrite_SendsWhatWasFlushed()
    {
        var link = Accept();
        link.OnLoop(() =>
        {
            link.Channel.WriteAsync(Buffer("a"u8)).ContinueWith(
                _ => link.Channel.CloseAsync(), TaskContinuationOptions.ExecuteSynchronously);
            link.Channel.WriteAsync(Buffer("b"u8));
            link.Channel.Flush();
        });
        Assert.That(link.Peer.ReceiveToEnd(), Is.EqualTo("ab"u8.ToArray()));
        Completes(link.Channel.CloseCompletion);
    }
}
