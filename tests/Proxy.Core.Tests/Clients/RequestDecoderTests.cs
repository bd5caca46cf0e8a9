using System.Text;
using DotNetty.Buffers;
using DotNetty.Transport.Channels.Embedded;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Core.Clients;
using Proxy.Core.Requests;
using Proxy.Core.Topology;
using Proxy.Testing;

namespace Proxy.Core.Tests.Clients;

/// <summary>A request that has to come again comes again: whole, in its place, once.</summary>
public sealed class RequestDecoderTests
{
    private EmbeddedChannel _channel = null!;
    private TestPool _pool = null!;
    private ClientConnection _client = null!;
    private PendingRequests _pending = null!;

    [SetUp]
    public void SetUp()
    {
        _channel = new EmbeddedChannel();
        _pool = new TestPool(channel: _channel);
        _pending = new PendingRequests(_pool.Worker.Blocks);
        var registry = new ClientRegistry(_pool.Worker, _pool.Backends, _pool.Router);
        _client = new ClientConnection(registry, new Route(_pool.Pool), _pool.Pool, _channel, NullLogger.Instance);
        ClientPipeline.Build(_channel.Pipeline, _client);
        _client.OnActive();
    }

    [TearDown]
    public void TearDown()
    {
        _client.OnInactive();
        _channel.CloseAsync();
    }

    [Test]
    public void RequestPutBack_CutAnywhere_ComesAgainWhole()
    {
        var bytes = Requests("ECHO 1", "SELECT 3", "ECHO 2", "SELECT 4", "ECHO 3");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var before = _pending.Begin(_client, command: null);

            Receive(bytes[..cut]);
            Receive(bytes[cut..]);
            Assert.That(Sent(), Is.Empty, $"cut at {cut}");
            before.Append("+1\r\n"u8);
            before.Finish();

            Assert.That(Sent(), Is.EqualTo("+1\r\n$1\r\n1\r\n+OK\r\n$1\r\n2\r\n+OK\r\n$1\r\n3\r\n"), $"cut at {cut}");
            Assert.That((_client.Database, _client.Decoder.IsEmpty), Is.EqualTo((4, true)), $"cut at {cut}");
            _client.ChangeDatabase(null);
        }
    }

    [Test]
    public void RequestPutBack_IsCountedOnce()
    {
        var before = _pending.Begin(_client, command: null);

        Receive(Requests("SELECT 3"));
        Receive(Requests("ECHO 1"));
        before.Finish();

        Assert.That(Sent(), Is.EqualTo("+OK\r\n$1\r\n1\r\n"));
        Assert.That(_client.Counters.RequestsReceived, Is.EqualTo(3));
    }

    [TestCase(1)]
    [TestCase(30_000)]
    [TestCase(70_000)]
    [TestCase(399_999)]
    [TestCase(400_040)]
    public void LargeRequestPutBack_ComesAgainWhole(int cut)
    {
        // Its payload was kept apart before anybody knew that it would have to wait.
        var name = new string('n', 400_000);
        var bytes = Requests($"HELLO 3 SETNAME {name}", "CLIENT GETNAME", "SELECT 7");
        var before = _pending.Begin(_client, command: null);

        Receive(bytes[..cut]);
        Receive(bytes[cut..]);
        Assert.That(Sent(), Is.Empty);
        before.Finish();

        Assert.That(Sent(), Does.StartWith("%7\r\n").And.EndWith($"${name.Length}\r\n{name}\r\n+OK\r\n"));
        Assert.That((_client.Database, _client.Decoder.IsEmpty), Is.EqualTo((7, true)));
    }

    [Test]
    public void ClientThatEndsItsInputBehindARequestPutBack_IsAnswered()
    {
        var before = _pending.Begin(_client, command: null);

        Receive(Requests("SELECT 3", "ECHO 1"));
        _client.OnInputClosed();
        Assert.That(_client.IsClosing, Is.False);
        before.Finish();

        Assert.That(Sent(), Is.EqualTo("+OK\r\n$1\r\n1\r\n"));
        Assert.That(_client.IsClosing, Is.True);
    }

    [Test]
    public void ClientThatIsGoneWithARequestPutBack_LeavesNothing()
    {
        var before = _pending.Begin(_client, command: null);
        Receive(Requests($"HELLO 3 SETNAME {new string('n', 400_000)}", "ECHO 1"));

        _client.OnInactive();
        before.Finish();
        _pool.RunAll();

        Assert.That(_client.Decoder.IsEmpty, Is.True);
        Assert.That(Sent(), Is.Empty);
    }

    private static byte[] Requests(params string[] requests) => [.. requests.SelectMany(request => RespFrame.Request(request.Split(' ')))];

    private void Receive(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            _channel.WriteInbound(Unpooled.WrappedBuffer(bytes));
        }
    }

    private string Sent()
    {
        _pool.RunAll();
        var sent = new StringBuilder();
        while (_channel.ReadOutbound<object>() is { } message)
        {
            if (message is IByteBuffer buffer)
            {
                sent.Append(buffer.ToString(Encoding.Latin1));
                buffer.Release();
            }
        }

        return sent.ToString();
    }
}
