using System.Text;
using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;
using Proxy.Core.Backends;
using Proxy.Core.Requests;
using Proxy.Core.Requests.PubSub;
using Proxy.Core.Topology;
using Proxy.Testing;

namespace Proxy.Core.Tests.Requests.PubSub;

/// <summary>A worker's connection to a server for all its subscriptions; the test is the server.</summary>
public sealed class HubLinkTests
{
    private const string Hello = "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n";

    private readonly TestConnector _connector = new();
    private TestPool _pool = null!;
    private SubscriptionHub _hub = null!;
    private HubLink _link = null!;
    private HubRoute _route = null!;

    [SetUp]
    public void Start()
    {
        _pool = new TestPool(Pools.Model("s1"), connector: _connector);
        _hub = new SubscriptionHub(_pool.Worker, _pool.Connections);
        _link = new HubLink(_hub, _pool.Worker, _pool.Pool.Snapshot.Shards[0].Primary);
        _route = Route("a");
    }

    [Test]
    public void Subscribe_IsReadyWithTheServersConfirmation()
    {
        var wait = Wait(_route);
        var server = Connect();
        Assert.That((Sent(server), wait.Outcome), Is.EqualTo((Command("subscribe", "a"), "")));

        TestConnector.Send(server, Confirmed("subscribe", "a"));

        Assert.That((wait.Outcome, _route.IsReady), Is.EqualTo(("confirmed", true)));
    }

    [Test]
    public void ConfirmationInPieces_IsTakenWhenItIsWhole([Range(1, 28)] int cut)
    {
        var wait = Wait(_route);
        var server = Connect();
        var bytes = Confirmed("subscribe", "a");

        TestConnector.Send(server, bytes[..cut]);
        Assert.That(wait.Outcome, Is.Empty);
        TestConnector.Send(server, bytes[cut..]);

        Assert.That(wait.Outcome, Is.EqualTo("confirmed"));
    }

    [Test]
    public void SubscribeWhileAnUnsubscribeIsUnderWay_GoesBehindIt()
    {
        var server = Subscribed();
        _link.Unsubscribe(_route);
        var wait = Wait(_route);
        Assert.That(Sent(server), Is.EqualTo(Command("unsubscribe", "a") + Command("subscribe", "a")));

        TestConnector.Send(server, Confirmed("unsubscribe", "a"));
        Assert.That(wait.Outcome, Is.Empty);
        TestConnector.Send(server, Confirmed("subscribe", "a"));

        Assert.That(wait.Outcome, Is.EqualTo("confirmed"));
    }

    [Test]
    public void Lost_IsOpenedAtOnceAndSubscribesAnew()
    {
        var server = Subscribed();

        server.CloseAsync();
        Assert.That(_route.IsReady, Is.False);
        server = Connect();

        Assert.That(Sent(server), Is.EqualTo(Command("subscribe", "a")));
        Assert.That(_link.Server.Counters[0].SubscriptionsRenewed, Is.EqualTo(1));
    }

    [Test]
    public void LostBeforeTheConfirmation_FailsWhoWaits()
    {
        var wait = Wait(_route);
        var server = Connect();

        server.CloseAsync();

        Assert.That(wait.Outcome, Is.EqualTo("failed: Lost"));
    }

    [Test]
    public void Refused_FailsWhoWaits_AndTheNextAtOnce()
    {
        var wait = Wait(_route);

        _connector.Refuse(_connector.Attempts - 1);

        Assert.That((wait.Outcome, _link.Ensure()?.Kind), Is.EqualTo(("failed: Refused", (FailureKind?)FailureKind.Refused)));
    }

    [Test]
    public void HelloRefused_ArraysAreMessages()
    {
        var wait = Wait(_route);
        var server = _connector.AcceptShared(_connector.Attempts - 1);
        Assert.That(TestConnector.Sent(server), Is.EqualTo(Hello));
        TestConnector.Send(server, "-ERR unknown command 'HELLO'\r\n");

        server = _connector.AcceptShared(_connector.Attempts - 1);
        _pool.RunAll();
        Assert.That(TestConnector.Sent(server), Is.EqualTo(Command("subscribe", "a")));
        TestConnector.Send(server, Confirmed("subscribe", "a").Replace('>', '*') + RespFrame.Array("message", "a", "m"));

        Assert.That((wait.Outcome, server.Active), Is.EqualTo(("confirmed", true)));
    }

    [Test]
    public void ServerThatForbidsIt_IsQuotedToWhoWaits()
    {
        var wait = Wait(_route);
        var server = Connect();

        TestConnector.Send(server, "-NOPERM not you\r\n");

        Assert.That((wait.Outcome, server.Active), Is.EqualTo(("refused: -NOPERM not you\r\n", true)));
    }

    [TestCase(">3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:1\r\n")]
    [TestCase(">3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:1\r\n")]
    [TestCase(">3\r\n$10\r\npsubscribe\r\n$1\r\na\r\n:1\r\n")]
    [TestCase("+OK\r\n")]
    [TestCase("nonsense\r\n")]
    public void AnswerToSomethingElse_EndsTheConnection(string answer)
    {
        var wait = Wait(_route);
        var server = Connect();

        TestConnector.Send(server, answer);

        Assert.That((wait.Outcome, server.Active), Is.EqualTo(("failed: Garbage", false)));
    }

    [Test]
    public void Unsubscribed_IsDropped_AndTheConnectionClosesLater()
    {
        var server = Subscribed();
        _link.Unsubscribe(_route);
        TestConnector.Send(server, Confirmed("unsubscribe", "a"));
        Assert.That((_route.Channel.Routes.Count, _hub.Counts.IsEmpty), Is.EqualTo((0, true)));

        Assert.That(_link.Sweep(Environment.TickCount64 + 9_000), Is.True);
        Assert.That(_link.Sweep(Environment.TickCount64 + 11_000), Is.False);

        Assert.That(server.Active, Is.False);
    }

    [Test]
    public void ServerThatSaysNothing_IsAskedForASign_AndGivenUpWithoutOne()
    {
        var server = Subscribed();
        var nowMs = Environment.TickCount64 + 16_000;

        _link.Sweep(nowMs);
        Assert.That(Sent(server), Is.EqualTo("*1\r\n$4\r\nPING\r\n"));
        _link.Sweep(nowMs + _hub.Patience);
        Assert.That(server.Active, Is.True);
        _link.Sweep(nowMs + _hub.Patience + 1);

        Assert.That(server.Active, Is.False);
    }

    [Test]
    public void UnsubscribeThatIsRefused_LeavesNoSubscriptionBehind()
    {
        var server = Subscribed();
        _link.Unsubscribe(_route);

        TestConnector.Send(server, "-NOPERM not you\r\n");

        Assert.That((_route.Channel.Routes.Count, _hub.Counts.IsEmpty), Is.EqualTo((0, true)));
    }

    [Test]
    public void PublishAtAServerThatWantsAPassword_IsTheProxysFailure()
    {
        var client = new TestClient(_pool);
        var server = Subscribed();
        Publish(client);

        TestConnector.Send(server, "-NOAUTH Authentication required.\r\n");

        Assert.That(client.TakeSent(), Does.StartWith("-ERR ").And.Contain("NOAUTH Authentication required."));
    }

    [Test]
    public void PublishThatIsNotAnswered_FailsAfterTheTimeoutOfRequests()
    {
        var client = new TestClient(_pool);
        _pool.Apply(Pools.Model("s1") with { TimeoutMs = 1000 });
        _hub.Sweep(Environment.TickCount64);
        var server = Subscribed();
        Publish(client);
        var nowMs = _pool.Worker.NowMs;

        _link.Sweep(nowMs + 1000);
        Assert.That(server.Active, Is.True);
        _link.Sweep(nowMs + 1001);

        Assert.That((server.Active, client.TakeSent()), Is.EqualTo((false, "-ERR Connection timed out (pool pool, server s1)\r\n")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ServerThatKnowsVersion2Only_IsNotPublishedToOverTheLink(bool knowsVersion3)
    {
        Wait(_route);
        if (!knowsVersion3)
        {
            TestConnector.Send(_connector.AcceptShared(_connector.Attempts - 1), "-ERR unknown command 'HELLO'\r\n");
            _connector.AcceptShared(_connector.Attempts - 1);
        }
        else
        {
            Connect();
        }

        Assert.That((_link.IsReady, _link.MayPublish), Is.EqualTo((true, knowsVersion3)));
    }

    private void Publish(TestClient client)
    {
        var request = new FreeList<PublishRequest>(static home => new PublishRequest(home)).Take();
        request.Begin(client.Pending.Begin(client, command: null), ChannelKind.Channel, "a"u8, _link.Server, _hub.Counts);
        _link.Publish(RespFrame.Request("PUBLISH", "a", "m"), request);
    }

    private static string Command(string word, string name) => Encoding.Latin1.GetString(RespFrame.Request(word, name));

    private static string Confirmed(string word, string name) => '>' + RespFrame.Array(word, name, "1")[1..].Replace("$1\r\n1\r\n", ":1\r\n", StringComparison.Ordinal);

    private HubRoute Route(string name)
    {
        var channel = new HubChannel(_hub, ChannelKind.Channel, Encoding.ASCII.GetBytes(name));
        var route = new HubRoute(channel, _link);
        channel.Routes.Add(route);
        return route;
    }

    private RecordedWait Wait(HubRoute route)
    {
        var wait = new RecordedWait(new TestClient(_pool));
        _link.Subscribe(route);
        _link.Ensure();
        wait.WaitFor(route);
        wait.Start(_link.Server, TimeSpan.FromMinutes(1));
        return wait;
    }

    private string Sent(EmbeddedChannel server)
    {
        _pool.RunAll();
        return TestConnector.Sent(server);
    }

    /// <summary>Lets the last attempt to connect succeed.</summary>
    private EmbeddedChannel Connect()
    {
        var server = _connector.AcceptShared(_connector.Attempts - 1);
        Assert.That(TestConnector.Sent(server), Is.EqualTo(Hello));
        TestConnector.Send(server, "%1\r\n$5\r\nproto\r\n:3\r\n");
        return server;
    }

    private EmbeddedChannel Subscribed()
    {
        Wait(_route);
        var server = Connect();
        Sent(server);
        TestConnector.Send(server, Confirmed("subscribe", "a"));
        Assert.That(_route.IsReady);
        return server;
    }
}
