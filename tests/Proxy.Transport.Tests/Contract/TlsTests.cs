using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DotNetty.Handlers.Tls;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Transport.Tests.Contract;

/// <summary>TLS runs through a transport as any other handler does.</summary>
[TestFixtureSource(typeof(TransportCase), nameof(TransportCase.All))]
public sealed class TlsTests(TransportCase transportCase) : TransportFixture(transportCase)
{
    private static readonly X509Certificate2 Certificate = NewCertificate();

    [Test]
    public void RandomSizes_ComeBackUnchanged()
    {
        var (channel, recorder) = EchoThroughTls();
        var bytes = RandomBytes(1_000_000);
        var random = new Random(6);
        for (var sent = 0; sent < bytes.Length;)
        {
            var size = Math.Min(random.Next(1, 60_000), bytes.Length - sent);
            channel.WriteAndFlushAsync(Buffer(bytes.AsSpan(sent, size)));
            sent += size;
        }

        Eventually.Equal(() => recorder.ReceivedBytes, bytes.Length, "everything came back");
        Assert.That(recorder.Received, Is.EqualTo(bytes));
    }

    [Test]
    public void PeerCloses_ChannelCloses()
    {
        var (channel, recorder) = EchoThroughTls();
        Completes(channel.WriteAndFlushAsync(Buffer("x"u8)));
        Eventually.Equal(() => recorder.ReceivedBytes, 1, "the echo came back");
        Completes(channel.CloseAsync());
        Eventually.True(() => recorder.Saw("inactive"), "the close is reported");
    }

    [Test]
    public void NotTls_HandshakeFailsAndTheChannelCloses()
    {
        var recorder = Watch();
        var listener = Listen(() => [TlsHandler.Server(Certificate), recorder]);
        var peer = Own(Peer.Connect(listener.LocalAddress));
        peer.Send("*1\r\n$4\r\nPING\r\n"u8);
        Completes(Eventually.Get(() => recorder.Channel, "the connection is accepted").CloseCompletion);
        Assert.That(recorder.ReceivedBytes, Is.Zero);
    }

    [Test]
    public void ClosedAfterAFlush_EverythingArrivesBeforeTheEnd()
    {
        var (link, stream) = AcceptTls();
        var bytes = RandomBytes(50_000);
        link.OnLoop(() =>
        {
            link.Channel.WriteAndFlushAsync(Buffer(bytes));
            link.Channel.CloseAsync();
        });
        Assert.That(ReadToEnd(stream), Is.EqualTo(bytes));
    }

    [Test]
    public void ClosedInsideARead_TheAnswerArrives()
    {
        var (_, stream) = AcceptTls(new Recorder
        {
            OnRead = (context, buffer) =>
            {
                context.WriteAndFlushAsync(buffer.Retain());
                context.CloseAsync();
            },
        });
        stream.Write("QUIT"u8);
        Assert.That(ReadToEnd(stream), Is.EqualTo("QUIT"u8.ToArray()));
    }

    [Test]
    public void PeerFinishes_WhatCameBeforeIsReadAndTheChannelCloses()
    {
        var (link, stream) = AcceptTls();
        var bytes = RandomBytes(200_000);
        stream.Write(bytes);
        Completes(stream.ShutdownAsync());
        link.Peer.Finish();
        Eventually.True(() => link.Recorder.Saw("unregistered"), "the close is reported");
        Assert.That(link.Recorder.Received, Is.EqualTo(bytes));
    }

    [Test]
    public void PeerIsReset_ChannelCloses()
    {
        var (link, stream) = AcceptTls();
        stream.Write("x"u8);
        Eventually.Equal(() => link.Recorder.ReceivedBytes, 1, "the byte has arrived");
        link.Peer.Reset();
        Eventually.True(() => link.Recorder.Saw("unregistered"), "the close is reported");
        Assert.That(link.Recorder.Count("inactive"), Is.EqualTo(1));
    }

    [Test]
    public void PeerDoesNotRead_NotWritableUntilItDoesAndEverythingArrives()
    {
        var (link, stream) = AcceptTls(configure: b => b.ChildOption(ChannelOption.SoSndbuf, 4096), peerReceiveBuffer: 4096);
        var bytes = RandomBytes(1_000_000);
        link.OnLoop(() => { WriteInPieces(link.Channel, bytes, new Random(1), 20_000); });
        Eventually.True(() => !link.Channel.IsWritable, "there is no room");
        var received = new byte[bytes.Length];
        stream.ReadExactly(received);
        Assert.That(received, Is.EqualTo(bytes));
        Eventually.True(() => link.Channel.IsWritable, "there is room again");
    }

    [Test]
    public void PeerFinishesInTheMiddleOfTheHandshake_ChannelCloses()
    {
        var recorder = Watch();
        var listener = Listen(() => [TlsHandler.Server(Certificate), recorder]);
        var peer = Own(Peer.Connect(listener.LocalAddress));

        // The head of a record of 512 bytes and the beginning of its ClientHello.
        peer.Send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]);
        peer.Finish();
        Eventually.True(() => recorder.Saw("unregistered"), "the close is reported");
        Assert.That(recorder.ReceivedBytes, Is.Zero);
    }

    private (Link Link, SslStream Stream) AcceptTls(
        Recorder? recorder = null, Action<ServerBootstrap>? configure = null, int? peerReceiveBuffer = null)
    {
        recorder = Watch(recorder);
        var listener = Listen(() => [TlsHandler.Server(Certificate), recorder], configure);
        var peer = Own(Peer.Connect(listener.LocalAddress, peerReceiveBuffer));
        var stream = Own(new SslStream(new NetworkStream(peer.Socket), leaveInnerStreamOpen: false, (_, _, _, _) => true));
        stream.AuthenticateAsClient("redis-proxy.test");

        // Ours ends after the client's.
        Eventually.True(() => recorder.Saw(nameof(TlsHandshakeCompletionEvent)), "the handshake is done");
        return (new Link(Eventually.Get(() => recorder.Channel, "the connection is accepted"), recorder, peer), stream);
    }

    private static byte[] ReadToEnd(SslStream stream)
    {
        var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    private (IChannel Channel, Recorder Recorder) EchoThroughTls()
    {
        var listener = Listen(() => [TlsHandler.Server(Certificate), Watch(new Recorder
        {
            OnRead = (context, buffer) => context.WriteAsync(buffer.Retain()),
            OnReadComplete = context => context.Flush(),
        })]);
        var recorder = Watch();
        var tls = new TlsHandler(
            stream => new SslStream(stream, leaveInnerStreamOpen: true, (_, _, _, _) => true), new ClientTlsSettings("redis-proxy.test"));
        return (Result(ConnectAsync(listener.LocalAddress, null, tls, recorder)), recorder);
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=redis-proxy.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
