using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.PubSub;

/// <summary>Pub/Sub among several clients, with the proxy and with a plain Redis: each hears the same, byte for byte, at every step.</summary>
[TestFixture("threads: 1")]
[TestFixture("threads: 2")]
public sealed class SubscribeScriptTests(string processKey)
{
    private const int Clients = 4;

    private RedisServer _plain = null!;
    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _plain = RedisServer.Start();
        _server = RedisServer.Start();
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]) with { Keys = [processKey] });
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy?.Dispose();
        _server?.Dispose();
        _plain?.Dispose();
    }

    // Confirmations and counts
    [TestCase("1 SUBSCRIBE a b a|1 PSUBSCRIBE p*|1 SSUBSCRIBE s|1 SSUBSCRIBE s t|1 UNSUBSCRIBE b x|1 SUNSUBSCRIBE s t|1 PUNSUBSCRIBE|1 UNSUBSCRIBE|1 GET a")]
    [TestCase("1 UNSUBSCRIBE|1 PUNSUBSCRIBE|1 SUNSUBSCRIBE|1 UNSUBSCRIBE x y|1 GET a")]
    [TestCase("1 HELLO 2|1 SUBSCRIBE|1 PSUBSCRIBE|1 PUBLISH a|1 PUBSUB|1 PUBSUB NOSUCH|1 PUBSUB HELP|1 PUBSUB CHANNELS a b|1 PUBSUB NUMPAT x")]

    // What a subscriber may do
    [TestCase("1 SUBSCRIBE a|1 PING|1 PING hi|1 PING a b|1 GET x|1 CLIENT INFO|1 PUBLISH a m|1 PUBSUB NUMPAT|1 HELLO 3|1 SELECT 1|1 NOSUCH|1 GET|1 MULTI|1 UNSUBSCRIBE a|1 GET x")]
    [TestCase("1 SUBSCRIBE a|1 PSUBSCRIBE a*|1 SSUBSCRIBE a|1 RESET|1 GET x|1 PING|2 PUBLISH a m|2 SPUBLISH a m|2 PUBSUB NUMPAT")]

    // Messages and how many receive them
    [TestCase("2 PUBLISH a 0|1 SUBSCRIBE a|2 PUBLISH a 1|3 SUBSCRIBE a|2 PUBLISH a 2|3 PSUBSCRIBE a* *|2 PUBLISH a 3|2 PUBLISH b 4|1 UNSUBSCRIBE a|2 PUBLISH a 5|3 RESET|2 PUBLISH a 6")]
    [TestCase("1 SSUBSCRIBE a|2 SUBSCRIBE a|3 PUBLISH a 1|3 SPUBLISH a 2|1 SUNSUBSCRIBE a|3 SPUBLISH a 3|2 UNSUBSCRIBE|3 PUBLISH a 4")]
    [TestCase("1 PSUBSCRIBE [ab]? \\*x|2 PSUBSCRIBE a?|3 PUBLISH ab 1|3 PUBLISH *x 2|3 PUBLISH c 3|2 PUNSUBSCRIBE|3 PUBLISH a1 4|1 PUNSUBSCRIBE a? [ab]?|3 PUBLISH ab 5")]
    [TestCase("1 SUBSCRIBE a|1 SUBSCRIBE b|2 SUBSCRIBE b|3 PUBSUB NUMSUB|3 PUBSUB NUMSUB a b c b|3 PUBSUB NUMPAT|3 PUBSUB SHARDNUMSUB a|1 UNSUBSCRIBE b|3 PUBSUB NUMSUB b|3 PUBSUB CHANNELS a*|3 PUBSUB CHANNELS z")]
    [TestCase("1 SSUBSCRIBE s|2 SSUBSCRIBE s|3 PUBSUB SHARDCHANNELS|3 PUBSUB SHARDNUMSUB s x|3 PUBSUB SHARDNUMSUB|3 PUBSUB NUMSUB s|1 PSUBSCRIBE s|2 PSUBSCRIBE s x|3 PUBSUB NUMPAT")]
    [TestCase("1 SUBSCRIBE a|1 UNSUBSCRIBE a|1 SUBSCRIBE a|2 PUBLISH a 1|1 UNSUBSCRIBE a|2 SUBSCRIBE a|3 PUBLISH a 2|2 UNSUBSCRIBE a|2 SUBSCRIBE a b|3 PUBLISH a 3|3 PUBLISH b 4")]

    // RESP3
    [TestCase("1 HELLO 3|1 UNSUBSCRIBE|1 SUBSCRIBE a b|1 PSUBSCRIBE a*|1 SSUBSCRIBE s|1 PING|1 PING hi|1 GET x|1 SET x 1|1 PUBLISH a own|1 SPUBLISH s own|1 PUBLISH b own|1 UNSUBSCRIBE b|1 PUBLISH b x|1 GET x")]
    [TestCase("1 HELLO 3|1 PSUBSCRIBE *|1 PUBLISH a 1|1 PUBSUB NUMPAT|1 PUBSUB CHANNELS|1 PUBSUB NUMSUB a|1 MGET a b|1 SELECT 3|1 PUBLISH a 2|2 PUBLISH a 3|1 PUNSUBSCRIBE|1 GET x")]
    [TestCase("1 HELLO 3|2 SUBSCRIBE a|1 SUBSCRIBE a|3 PUBLISH a 1|1 RESET|3 PUBLISH a 2|1 SUBSCRIBE a|3 PUBLISH a 3")]
    public void Script_IsHeardAsWithPlainRedis(string script) => Check(script);

    [TestCase("MULTI|1 SUBSCRIBE a b|1 PSUBSCRIBE p*|1 GET x|1 UNSUBSCRIBE a|1 SSUBSCRIBE s|1 SUNSUBSCRIBE s|1 PUNSUBSCRIBE|1 EXEC|1 GET x|1 PING|2 PUBLISH b m|2 PUBLISH a m")]
    [TestCase("MULTI|1 SUBSCRIBE a|1 PSUBSCRIBE a*|1 EXEC|2 PUBLISH a 1|1 RESET|2 PUBLISH a 2")]
    [TestCase("MULTI|1 SUBSCRIBE a|1 DISCARD|2 PUBLISH a m|1 GET x|1 MULTI|1 SUBSCRIBE|1 EXEC|1 MULTI|1 UNSUBSCRIBE|1 PUNSUBSCRIBE x y|1 EXEC")]
    [TestCase("MULTI|1 SUBSCRIBE a|1 SELECT 99|1 SELECT 1|1 SET x 1|1 PING|1 CLIENT SETNAME me|1 EXEC|1 PING|2 PUBLISH a m|1 UNSUBSCRIBE|1 GET x|1 CLIENT GETNAME")]
    [TestCase("WATCH x|2 SET x 1|1 MULTI|1 SUBSCRIBE a|1 EXEC|2 PUBLISH a m|1 GET x|2 DEL x|1 WATCH x|1 MULTI|1 SUBSCRIBE a|1 EXEC|2 PUBLISH a m")]
    [TestCase("MULTI|2 SUBSCRIBE a|3 SUBSCRIBE a|3 PSUBSCRIBE *|3 SSUBSCRIBE a|1 PUBLISH a m|1 SET x 1|1 PUBLISH b m|1 SPUBLISH a m|1 INCR x|1 EXEC|4 PUBLISH a after")]
    [TestCase("MULTI|2 SUBSCRIBE a|3 SUBSCRIBE a b|3 SSUBSCRIBE a|1 PUBSUB NUMSUB a b c|1 PUBSUB CHANNELS b|1 PUBSUB NUMPAT|1 PUBSUB SHARDNUMSUB a|1 PUBSUB NUMSUB|1 PUBSUB HELP|1 EXEC")]
    [TestCase("MULTI|1 PUBLISH a|1 EXEC|1 MULTI|1 PUBSUB NOSUCH|1 EXEC|1 MULTI|1 PUBLISH a 1|1 INCR x|1 LPUSH x 1|1 PUBLISH a 2|1 EXEC|2 DEL x")]
    public void Transaction_IsHeardAsWithPlainRedis(string script)
    {
        Check($"1 {script}");
        Check($"1 HELLO 3|2 HELLO 3|1 {script}");
    }

    [TestCase("1 HELLO 3|1 SUBSCRIBE a|1 HELLO 2|1 PUBLISH a m|2 PUBLISH a m|1 UNSUBSCRIBE a|1 GET x")]
    public void VersionOfASubscriberChanges_IsHeardAsWithPlainRedis(string script) => Check(script);

    [Test]
    public void RandomScripts_AreHeardAsWithPlainRedis([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        var start = Enumerable.Range(1, Clients).Where(_ => random.Next(2) == 0).Select(client => $"{client} HELLO 3");
        var steps = Enumerable.Range(0, 60).Select(_ => $"{random.Next(Clients) + 1} {RandomCommand(random)}");

        Check(string.Join('|', start.Concat(steps)));
    }

    private static string RandomCommand(Random random)
    {
        string[] kinds = ["", "P", "S"];
        var kind = kinds[random.Next(3)];
        string[] names = kind == "P" ? ["a*", "*", "[ab]", "c?"] : ["a", "b", "c1", "{a}b"];
        string[] channels = ["a", "b", "c1", "{a}b"];
        var list = string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ => names[random.Next(4)]));
        return random.Next(12) switch
        {
            < 3 => $"{kind}SUBSCRIBE {list}",
            < 5 => $"{kind}UNSUBSCRIBE {list}",
            < 8 => $"PUBLISH {channels[random.Next(4)]} {random.Next(1000)}",
            8 => $"SPUBLISH {channels[random.Next(4)]} {random.Next(1000)}",
            9 => $"PUBSUB NUMSUB {channels[random.Next(4)]} {channels[random.Next(4)]}",
            10 => "PUBSUB NUMPAT",
            _ => random.Next(4) == 0 ? "RESET" : "GET a",
        };
    }

    private void Check(string script)
    {
        using var plain = new Group(_plain.Connect);
        using var proxied = new Group(_proxy.Connect);

        var expected = Conversation.Hold(plain.Clients, script);
        var heard = Conversation.Repeat(proxied.Clients, script, expected);

        expected.Add([.. plain.Clients.Select(_ => new List<string>())]);
        Assert.That(Conversation.Text(heard, script), Is.EqualTo(Conversation.Text(expected, script)));
    }

    private sealed class Group(Func<RespClient> connect) : IDisposable
    {
        public List<RespClient> Clients { get; } = [.. Enumerable.Range(0, SubscribeScriptTests.Clients).Select(_ => connect())];

        /// <summary>What is published after it reaches nobody of them: a server learns late that a connection is gone.</summary>
        public void Dispose()
        {
            foreach (var client in Clients)
            {
                client.SendCommand("RESET");
                while (client.ReadReply() != "+RESET\r\n")
                {
                }

                client.Dispose();
            }
        }
    }
}
