using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Sessions;

/// <summary>CLIENT LIST, KILL, PAUSE and their kin concern the clients of the pool, on whatever thread they are.</summary>
public sealed class ClientDirectoryTests
{
    private RedisServer _server = null!;
    private RedisServer _plain = null!;
    private ProxyProcess _proxy = null!;
    private RespClient _client = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _plain = RedisServer.Start();
        _proxy = ProxyProcess.Start(RedisTopology.File([_server.Address]) with { Keys = ["threads: 3"] });
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy?.Dispose();
        _plain?.Dispose();
        _server?.Dispose();
    }

    [SetUp]
    public void Connect() => _client = _proxy.Connect();

    [TearDown]
    public void CloseClient()
    {
        _client.Dispose();
        using var last = _proxy.Connect();
        Eventually.True(() => Ids(last).Length == 1, "no client is left");
    }

    [TestCase("CLIENT LIST TYPE foo")]
    [TestCase("CLIENT LIST TYPE normal x")]
    [TestCase("CLIENT LIST TYPE master")]
    [TestCase("CLIENT LIST TYPE REPLICA")]
    [TestCase("CLIENT LIST TYPE slave")]
    [TestCase("CLIENT LIST TYPE pubsub")]
    [TestCase("CLIENT LIST TYPE")]
    [TestCase("CLIENT LIST ID")]
    [TestCase("CLIENT LIST ID x")]
    [TestCase("CLIENT LIST ID 0 99999999")]
    [TestCase("CLIENT LIST FOO x")]
    [TestCase("CLIENT KILL")]
    [TestCase("CLIENT KILL 1.2.3.4:5")]
    [TestCase("CLIENT KILL ID x")]
    [TestCase("CLIENT KILL ID 0")]
    [TestCase("CLIENT KILL ID -1")]
    [TestCase("CLIENT KILL ID 99999999")]
    [TestCase("CLIENT KILL ID 99999999 ADDR")]
    [TestCase("CLIENT KILL TYPE foo")]
    [TestCase("CLIENT KILL TYPE master")]
    [TestCase("CLIENT KILL USER nobody")]
    [TestCase("CLIENT KILL USER default")]
    [TestCase("CLIENT KILL SKIPME maybe")]
    [TestCase("CLIENT KILL SKIPME yes")]
    [TestCase("CLIENT KILL MAXAGE 3")]
    [TestCase("CLIENT KILL 127.0.0.1:1 x y")]
    [TestCase("CLIENT PAUSE")]
    [TestCase("CLIENT PAUSE x")]
    [TestCase("CLIENT PAUSE -1")]
    [TestCase("CLIENT PAUSE 1 FOO")]
    [TestCase("CLIENT PAUSE x FOO")]
    [TestCase("CLIENT PAUSE 1 WRITE x")]
    [TestCase("CLIENT PAUSE 99999999999999999999")]
    [TestCase("CLIENT PAUSE 0")]
    [TestCase("CLIENT PAUSE 1 write")]
    [TestCase("CLIENT UNPAUSE")]
    [TestCase("CLIENT UNPAUSE x")]
    [TestCase("CLIENT NO-EVICT")]
    [TestCase("CLIENT NO-EVICT x")]
    [TestCase("CLIENT NO-EVICT on")]
    [TestCase("CLIENT GETREDIR")]
    [TestCase("CLIENT GETREDIR x")]
    public void Reply_IsTheOneOfPlainRedis(string command)
    {
        foreach (var version in new[] { "2", "3" })
        {
            using var plain = _plain.Connect();
            plain.Call("HELLO", version);
            _client.Call("HELLO", version);

            Assert.That(_client.Call(command.Split(' ')), Is.EqualTo(plain.Call(command.Split(' '))));
        }
    }

    [Test]
    public void ClientThatQuitsButDoesNotClose_IsNoLongerThere()
    {
        using var other = _proxy.Connect();
        other.Call("SUBSCRIBE", "quitting");
        Assert.That(other.Call("QUIT"), Is.EqualTo("+OK\r\n"));

        Assert.That(_client.Call("CLIENT", "LIST"), Does.Not.Contain("cmd=quit"));
        Assert.That(_client.Call("PUBSUB", "NUMSUB", "quitting"), Is.EqualTo("*2\r\n$8\r\nquitting\r\n:0\r\n"));
    }

    [Test]
    public void List_HasEveryClientOnceInRisingOrder()
    {
        var others = Enumerable.Range(0, 20).Select(_ => _proxy.Connect()).ToList();
        try
        {
            var ids = others.Select(Id).Append(Id(_client)).Order().ToArray();

            Eventually.True(() => Ids(_client).SequenceEqual(ids), "all are there, and those who left before are not");
            Assert.That(Ids(_client, "ID", $"{ids[5]}", "99999999", $"{ids[2]}"), Is.EqualTo(new[] { ids[5], ids[2] }));
            Assert.That(Ids(_client, "TYPE", "normal"), Is.EqualTo(ids));
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }

    [Test]
    public void Line_ShowsWhatTheClientIs()
    {
        using var other = _proxy.Connect();
        other.Call("CLIENT", "SETNAME", "somebody");
        other.Call("HELLO", "3");
        other.Call("SELECT", "2");
        other.Call("CLIENT", "NO-EVICT", "ON");
        other.Call("MULTI");
        other.Call("SET", "a", "b");

        var line = _client.Call("CLIENT", "LIST", "ID", $"{Id(_client) + 1}");

        Assert.That(line, Does.Match("\nid=[0-9]+ addr=127.0.0.1:[0-9]+ laddr=127.0.0.1:[0-9]+ .* name=somebody .* flags=xe db=2 .* multi=1 .* cmd=set user=default redir=-1 resp=3 "));
    }

    [Test]
    public void Subscribers_AreListedAndKilledAsByPlainRedis() => Assert.That(Subscribers(_proxy.Connect), Is.EqualTo(Subscribers(_plain.Connect)));

    [TestCase("ID")]
    [TestCase("ADDR")]
    [TestCase("old form")]
    public void Kill_ClosesThatClientOnly(string by)
    {
        var others = Enumerable.Range(0, 6).Select(_ => _proxy.Connect()).ToList();
        try
        {
            foreach (var other in others.Take(3))
            {
                var id = $"{Id(other)}";
                var address = Regex.Match(other.Call("CLIENT", "INFO"), " addr=([^ ]+)").Groups[1].Value;
                var reply = by switch
                {
                    "ID" => _client.Call("CLIENT", "KILL", "ID", id),
                    "ADDR" => _client.Call("CLIENT", "KILL", "ADDR", address, "TYPE", "normal"),
                    _ => _client.Call("CLIENT", "KILL", address),
                };
                Assert.That(reply, Is.EqualTo(by == "old form" ? "+OK\r\n" : ":1\r\n"));
            }

            Assert.That(others.Take(3).Select(other => other.ReadToEnd()), Is.All.Empty);
            Assert.That(others.Skip(3).Select(other => other.Call("PING")), Is.All.EqualTo("+PONG\r\n"));
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }

    [Test]
    public void KillOfOneself_IsAnsweredFirst()
    {
        Assert.That(_client.Call("CLIENT", "KILL", "ID", $"{Id(_client)}"), Is.EqualTo(":0\r\n"), "spared");

        _client.Send([.. RespFrame.Request("CLIENT", "KILL", "ID", $"{Id(_client)}", "SKIPME", "no"), .. RespFrame.Request("PING")]);

        Assert.That(_client.ReadToEnd(), Is.EqualTo(":1\r\n"));
    }

    [Test]
    public void KillOfAClientInATransaction_RunsNothingOfIt()
    {
        using var other = _proxy.Connect();
        other.Call("MULTI");
        other.Call("SET", "killed", "v");

        Assert.That(_client.Call("CLIENT", "KILL", "ID", $"{Id(_client) + 1}"), Is.EqualTo(":1\r\n"));
        Assert.That(other.ReadToEnd(), Is.Empty);
        Assert.That(_client.Call("EXISTS", "killed"), Is.EqualTo(":0\r\n"));
    }

    [TestCase("LIST")]
    [TestCase("INFO")]
    public void OwnLine_ShowsTheRequestThatAsks_AndNoReplies(string subcommand) =>
        Assert.That(_client.Call("CLIENT", subcommand), Does.Match(" qbuf=26 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=0 tot-mem=26 "));

    [Test]
    public void PauseOfWrites_LetsReadsThrough()
    {
        var others = Enumerable.Range(0, 6).Select(_ => _proxy.Connect()).ToList();
        try
        {
            Assert.That(_client.Call("CLIENT", "PAUSE", "60000", "WRITE"), Is.EqualTo("+OK\r\n"));
            others.Add(_proxy.Connect());
            foreach (var other in others)
            {
                other.SendCommand("GET", "nothing");
                other.SendCommand("MULTI");
                other.SendCommand("GET", "nothing");
                other.SendCommand("EXEC");
                other.SendCommand("EVAL", "#!lua flags=no-writes\nreturn 7", "0");
                other.SendCommand("INCR", "paused");
                Assert.That(other.ReadReplies(5), Is.EqualTo("$-1\r\n+OK\r\n+QUEUED\r\n*1\r\n$-1\r\n:7\r\n"));
            }

            Eventually.True(() => _client.Call("INFO", "clients").Contains($"blocked_clients:{others.Count}\r\n"), "they are shown as blocked");

            Eventually.Stays(() => others.All(other => other.ReadAvailable().Length == 0), "writes wait", TimeSpan.FromMilliseconds(300));
            Assert.That(_client.Call("CLIENT", "UNPAUSE"), Is.EqualTo("+OK\r\n"));
            var raised = others.Select(other => other.ReadReply()).Order().ToList();
            Assert.That(raised, Is.EqualTo(Enumerable.Range(1, others.Count).Select(i => $":{i}\r\n").Order()));
            Assert.That(_client.Call("INFO", "clients"), Does.Contain("blocked_clients:0\r\n"));
            _client.Call("DEL", "paused");
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }
    }

    [Test]
    public void PauseOfAll_EndsByItself()
    {
        using var other = _proxy.Connect();
        other.Call("PING");
        var begun = Environment.TickCount64;
        Assert.That(_client.Call("CLIENT", "PAUSE", "600"), Is.EqualTo("+OK\r\n"));
        Assert.That(other.Call("CLIENT", "PAUSE", "1", "WRITE"), Is.EqualTo("+OK\r\n"), "waits itself");

        Assert.That(Environment.TickCount64 - begun, Is.GreaterThan(500));
    }

    private static string[] Subscribers(Func<RespClient> connect)
    {
        using var asker = connect();
        using var second = connect();
        using var third = connect();
        using var former = connect();
        asker.Call("HELLO", "3");
        asker.Call("SSUBSCRIBE", "s");
        second.Call("SUBSCRIBE", "a");
        second.Call("SUBSCRIBE", "b");
        second.Call("PSUBSCRIBE", "a*");
        third.Call("PSUBSCRIBE", "a*");
        third.Call("SSUBSCRIBE", "s");
        former.Call("SUBSCRIBE", "a");
        former.Call("UNSUBSCRIBE");

        string[] Lines(string type) =>
        [
            .. Regex.Matches(asker.Call("CLIENT", "LIST", "TYPE", type), " flags=([A-Za-z]+) db=0 (sub=[0-9]+ psub=[0-9]+ ssub=[0-9]+) ")
                .Select(line => line.Value).Distinct().Order(StringComparer.Ordinal),
        ];

        return
        [
            .. Lines("pubsub"), "normal:", .. Lines("normal"),
            asker.Call("CLIENT", "KILL", "TYPE", "pubsub"), second.ReadToEnd(), third.ReadToEnd(), former.Call("PING"),
            asker.Call("CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "no"), asker.ReadToEnd(),
        ];
    }

    private static long Id(RespClient client) => long.Parse(client.Call("CLIENT", "ID")[1..^2]);

    private static long[] Ids(RespClient client, params string[] filter) =>
        [.. Regex.Matches(client.Call(["CLIENT", "LIST", .. filter]), "\nid=([0-9]+)|^id=([0-9]+)").Select(match => long.Parse(match.Groups[1].Value))];
}
