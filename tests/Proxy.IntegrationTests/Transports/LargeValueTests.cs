using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transports;

/// <summary>Values that no buffer holds: they pass whole, in their place, and the proxy's memory does not grow with them.</summary>
[Category("Transport")]
public sealed class LargeValueTests
{
    private const int Megabyte = 1 << 20;

    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;
    private RespClient _client = null!;

    [SetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]));
        _client = _proxy.Connect();
        _client.ReplyDeadline = TimeSpan.FromMinutes(1);
    }

    [TearDown]
    public void End()
    {
        _client.Dispose();
        _proxy.Dispose();
        _server.Dispose();
    }

    // The second number is what one value may cost at its largest, whatever its size.
    [TestCase(1, 16)]
    [TestCase(64, 64)]
    [TestCase(200, 64, Category = "Long")]
    public void SetAndGet_ValueIsWhole_AndMemoryDoesNotGrowWithIt(int megabytes, int mostGrowth)
    {
        var request = RespFrame.Request("SET", "large", Value(megabytes * Megabyte));
        var reply = RespFrame.Bulk(Value(megabytes * Megabyte));
        Assert.That(_client.Call("SET", "small", "1"), Is.EqualTo("+OK\r\n"));
        var before = _proxy.Process.ResidentBytes;
        _proxy.Process.ForgetPeak();

        _client.Send(request);
        Assert.That(_client.ReadReply(), Is.EqualTo("+OK\r\n"));
        var afterSet = _proxy.Process.PeakResidentBytes - before;
        Assert.That(_client.Call("GET", "large") == reply, "the value comes back as it was");
        var afterGet = _proxy.Process.PeakResidentBytes - before;

        TestContext.Out.WriteLine($"resident memory grew by {afterSet / Megabyte} MB with SET, {afterGet / Megabyte} MB in all");
        Assert.That((afterSet / Megabyte, afterGet / Megabyte), Is.LessThan(((long)mostGrowth, (long)mostGrowth)));
    }

    [Test]
    public void LargeAndSmallValuesInOnePipeline_KeepTheirPlaces()
    {
        const int Rounds = 20;
        var sending = Task.Run(() =>
        {
            for (var i = 0; i < Rounds; i++)
            {
                _client.SendCommand("SET", "large", Value(Megabyte + i));
                _client.SendCommand("STRLEN", "large");
                _client.SendCommand("GET", "large");
                _client.SendCommand("ECHO", $"{i}");
            }
        });

        for (var i = 0; i < Rounds; i++)
        {
            Assert.That(_client.ReadReply(), Is.EqualTo("+OK\r\n"));
            Assert.That(_client.ReadReply(), Is.EqualTo($":{Megabyte + i}\r\n"));
            Assert.That(_client.ReadReply() == RespFrame.Bulk(Value(Megabyte + i)), $"value {i} is whole");
            Assert.That(_client.ReadReply(), Is.EqualTo(RespFrame.Bulk($"{i}")));
        }

        Assert.That(sending.Wait(Eventually.DefaultDeadline));
    }

    [Test]
    public void ManyClientsAtOnce_EachGetsItsOwnValue()
    {
        var clients = Enumerable.Range(0, 16).Select(_ => _proxy.Connect()).ToList();
        try
        {
            Parallel.For(0, clients.Count, new ParallelOptions { MaxDegreeOfParallelism = clients.Count }, i =>
            {
                for (var round = 0; round < 3; round++)
                {
                    var value = Value(Megabyte + (i * 10) + round);
                    Assert.That(clients[i].Call("SET", $"large:{i}", value), Is.EqualTo("+OK\r\n"));
                    Assert.That(clients[i].Call("GET", $"large:{i}") == RespFrame.Bulk(value), $"value of client {i} is whole");
                }
            });
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    // Every place holds another letter than its neighbours, and the period is a prime: bytes that are lost, doubled or moved show.
    private static string Value(int length) => string.Create(length, length, (text, seed) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (char)('!' + ((i + seed) % 89));
        }
    });
}
