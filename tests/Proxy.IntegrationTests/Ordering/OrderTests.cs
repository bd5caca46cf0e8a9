using System.Text;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Ordering;

/// <summary>Replies come in the order of the requests, whatever the servers' own order is.</summary>
[Category("Transport")]
public sealed class OrderTests() : TopologyTests(servers: 3)
{
    [Test]
    public void PipelineOverThreeServers_RepliesInRequestOrder()
    {
        var requests = new MemoryStream();
        var expected = new StringBuilder();
        for (var i = 0; i < 3000; i++)
        {
            var key = Key(i % 3, i % 50);
            requests.Write(RespFrame.Request("SET", key, $"value {i}"));
            requests.Write(RespFrame.Request("GET", key));
            requests.Write(RespFrame.Request("ECHO", $"{i}"));
            expected.Append("+OK\r\n").Append(RespFrame.Bulk($"value {i}")).Append(RespFrame.Bulk($"{i}"));
        }

        var sender = Task.Run(() => Client.Send(requests.ToArray()));

        Assert.That(Client.ReadReplies(9000) == expected.ToString());
        sender.Wait();
    }

    [Test]
    public void Pipeline_InRandomPieces_RepliesInRequestOrder()
    {
        var random = new Random(7);
        var bytes = Enumerable.Range(0, 500)
            .SelectMany(i => RespFrame.Request("ECHO", $"{i}").Concat(RespFrame.Request("SETNX", Key(i % 3, i), "x")))
            .ToArray();

        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(1, 200), bytes.Length - at);
            Client.Send(bytes.AsSpan(at, count));
            at += count;
        }

        Assert.That(
            Client.ReadReplies(1000),
            Is.EqualTo(string.Concat(Enumerable.Range(0, 500).Select(i => $"{RespFrame.Bulk($"{i}")}:1\r\n"))));
    }

    [Test]
    public void OwnWritesAreRead_OnTheSameConnection()
    {
        for (var i = 0; i < 200; i++)
        {
            Client.Send([
                .. RespFrame.Request("MSET", Key(0), $"{i}", Key(1), $"{i}", Key(2), $"{i}"),
                .. RespFrame.Request("MGET", Key(2), Key(1), Key(0)),
            ]);

            Assert.That(Client.ReadReplies(2), Is.EqualTo("+OK\r\n" + RespFrame.Array($"{i}", $"{i}", $"{i}")));
        }
    }

    [Test]
    public void QuitInAPipeline_EarlierRepliesThenOkThenClose()
    {
        Client.Send([
            .. RespFrame.Request("SET", Key(0), "a"), .. RespFrame.Request("GET", Key(0)), .. RespFrame.Request("INCR", Key(1)),
            .. RespFrame.Request("QUIT"), .. RespFrame.Request("SET", Key(2), "never"),
        ]);

        Assert.That(Client.ReadToEnd(), Is.EqualTo("+OK\r\n$1\r\na\r\n:1\r\n+OK\r\n"));
        Assert.That(Servers[2].Call("EXISTS", Key(2)), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void HalfClose_AfterRequests_AllRepliesThenClose()
    {
        for (var i = 0; i < 100; i++)
        {
            Client.SendCommand("SET", Key(i % 3, i), "x");
            Client.SendCommand("GET", Key(i % 3, i));
        }

        Client.HalfClose();

        Assert.That(Client.ReadToEnd(), Is.EqualTo(string.Concat(Enumerable.Repeat("+OK\r\n$1\r\nx\r\n", 100))));
    }

    [Test]
    public void ProtocolError_AfterRequests_EarlierRepliesFirst()
    {
        Client.Send([.. RespFrame.Request("SET", Key(0), "a"), .. RespFrame.Request("GET", Key(0)), .. "*1\r\n$-1\r\n"u8]);

        Assert.That(Client.ReadToEnd(), Is.EqualTo("+OK\r\n$1\r\na\r\n-ERR Protocol error: invalid bulk length\r\n"));
    }
}
