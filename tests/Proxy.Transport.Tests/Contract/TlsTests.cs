using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DotNetty.Handlers.Tls;
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
