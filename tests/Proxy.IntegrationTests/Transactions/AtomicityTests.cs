using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Transactions;

/// <summary>Many clients' transactions over one shared connection: none comes in between another's commands.</summary>
public sealed class AtomicityTests() : TopologyTests(servers: 2)
{
    [Test]
    public void TwoCountersThatTransactionsRaiseTogether_AreAlwaysEqual()
    {
        Parallel.For(0, 20, new ParallelOptions { MaxDegreeOfParallelism = 20 }, number =>
        {
            using var client = Topology.Connect();
            var (a, b) = (Key(number % 2, 1), Key(number % 2, 2));
            for (var i = 0; i < 100; i++)
            {
                client.Send([
                    .. RespFrame.Request("MULTI"), .. RespFrame.Request("INCR", a),
                    .. RespFrame.Request("INCR", b), .. RespFrame.Request("EXEC"), .. RespFrame.Request("MGET", a, b),
                ]);
                client.ReadReplies(3);
                var raised = client.ReadReply().Split("\r\n");
                Assert.That(raised[1], Is.EqualTo(raised[2]), "raised together");
                client.ReadReply();
                client.Send([.. RespFrame.Request("MULTI"), .. RespFrame.Request("GET", a), .. RespFrame.Request("GET", b), .. RespFrame.Request("EXEC")]);
                client.ReadReplies(3);
                var read = client.ReadReply().Split("\r\n");
                Assert.That(read[2], Is.EqualTo(read[4]), "read together");
            }
        });

        Assert.That(Client.Call("MGET", Key(0, 1), Key(0, 2), Key(1, 1), Key(1, 2)), Is.EqualTo(RespFrame.Array("1000", "1000", "1000", "1000")));
    }
}
