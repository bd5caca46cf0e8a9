using NUnit.Framework;

namespace Proxy.Transport.Tests.Contract;

/// <summary>A channel stays on its loop.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.EachTransport))]
public sealed class RegistrationTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    [Test]
    public void OpenChannelIsDeregistered_RefusedAndItGoesOn()
    {
        var link = Accept(null, new Recorder { OnRead = (context, buffer) => context.WriteAndFlushAsync(buffer.Retain()) });

        Fails<NotSupportedException>(link.Channel.DeregisterAsync());

        link.Peer.Send("abc"u8);
        Assert.That(link.Peer.Receive(3), Is.EqualTo("abc"u8.ToArray()));
    }

    [Test]
    public void OpenListenerIsDeregistered_RefusedAndItGoesOn()
    {
        var recorder = Watch();
        var listener = Listen(() => [recorder]);

        Fails<NotSupportedException>(listener.DeregisterAsync());

        Own(Peer.Connect(listener.LocalAddress));
        Testing.Eventually.True(() => recorder.Saw("active"), "the connection is accepted");
    }

    [Test]
    public void ClosedChannelIsDeregistered_NothingToDo()
    {
        var link = Accept();
        Completes(link.Channel.CloseAsync());
        Testing.Eventually.True(() => link.Recorder.Saw("unregistered"), "the close is reported");

        Completes(link.Channel.DeregisterAsync());
    }
}
