using NUnit.Framework;
using Proxy.Core.Metrics;

namespace Proxy.Core.Tests.Metrics;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StatisticsCatalogTests
{
    private readonly PoolCounters _pool = new(0);
    private readonly ServerCounters _server = new();

    private static ClientCloseReason[] ErrorCloses =>
    [
        ClientCloseReason.Reset, ClientCloseReason.Idle, ClientCloseReason.Stalled, ClientCloseReason.Protocol, ClientCloseReason.OutputLimit,
        ClientCloseReason.SubscriberLimit,
        ClientCloseReason.MemoryLimit, ClientCloseReason.ReplyLost, ClientCloseReason.Error,
    ];

    [Test]
    public void Describe_WritesWhatTwemproxyWrites()
    {
        var output = new StringWriter { NewLine = "\n" };

        StatisticsCatalog.Describe(output);

        Assert.That(output.ToString(), Is.EqualTo(
            """
            pool stats:
              client_eof          "# eof on client connections"
              client_err          "# errors on client connections"
              client_connections  "# active client connections"
              server_ejects       "# times backend server was ejected"
              forward_error       "# times we encountered a forwarding error"
              fragments           "# fragments created from a multi-vector request"

            server stats:
              server_eof          "# eof on server connections"
              server_err          "# errors on server connections"
              server_timedout     "# timeouts on server connections"
              server_connections  "# active server connections"
              server_ejected_at   "timestamp when server was ejected in usec since epoch"
              requests            "# requests"
              request_bytes       "total request bytes"
              responses           "# responses"
              response_bytes      "total response bytes"
              in_queue            "# requests in incoming queue"
              in_queue_bytes      "current request bytes in incoming queue"
              out_queue           "# requests in outgoing queue"
              out_queue_bytes     "current request bytes in outgoing queue"

            """));
    }

    [TestCase(nameof(ClientCloseReason.Eof))]
    [TestCase(nameof(ClientCloseReason.Quit))]
    public void ClientThatLeft_CountsAsEof(string reason)
    {
        _pool.ClientClosed(Enum.Parse<ClientCloseReason>(reason));

        Assert.That((PoolValue("client_eof"), PoolValue("client_err")), Is.EqualTo((1L, 0L)));
    }

    [TestCaseSource(nameof(ErrorCloses))]
    public void ClientThatWasClosed_CountsAsError(ClientCloseReason reason)
    {
        _pool.ClientClosed(reason);

        Assert.That((PoolValue("client_eof"), PoolValue("client_err")), Is.EqualTo((0L, 1L)));
    }

    [TestCase(nameof(ClientCloseReason.Drain))]
    [TestCase(nameof(ClientCloseReason.Removed))]
    public void ClientThatTheOperatorSentAway_CountsAsNeither(string reason)
    {
        _pool.ClientClosed(Enum.Parse<ClientCloseReason>(reason));

        Assert.That((PoolValue("client_eof"), PoolValue("client_err")), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void ConnectionThatTheServerClosed_CountsAsEof()
    {
        _server.Closed(ServerCloseReason.Eof);

        Assert.That(ServerEnds(), Is.EqualTo((1L, 0L, 0L)));
    }

    [Test]
    public void RefusedConnectAndResetConnection_CountAsErrors()
    {
        _server.ConnectFailed(ServerConnectFailure.Refused);
        _server.Closed(ServerCloseReason.Reset);
        _server.Closed(ServerCloseReason.Protocol);

        Assert.That(ServerEnds(), Is.EqualTo((0L, 3L, 0L)));
    }

    [Test]
    public void LateRequestLateConnectionAndLateConnect_CountAsTimeouts()
    {
        _server.TimedOut();
        _server.Closed(ServerCloseReason.Timeout);
        _server.ConnectFailed(ServerConnectFailure.Timeout);

        Assert.That(ServerEnds(), Is.EqualTo((0L, 0L, 3L)));
    }

    [Test]
    public void ConnectionThatTheProxyGaveUp_CountsAsNothing()
    {
        _server.Closed(ServerCloseReason.Retired);

        Assert.That(ServerEnds(), Is.EqualTo((0L, 0L, 0L)));
    }

    private (long Eof, long Error, long TimedOut) ServerEnds() => (ServerValue("server_eof"), ServerValue("server_err"), ServerValue("server_timedout"));

    private long PoolValue(string name) => StatisticsCatalog.Pool.Single(statistic => statistic.Name == name).Value(new PoolTotals("p", _pool, []));

    private long ServerValue(string name) =>
        StatisticsCatalog.Server.Single(statistic => statistic.Name == name).Value(new ServerTotals("s", _server, ServerState.Up, 0, 0));
}
