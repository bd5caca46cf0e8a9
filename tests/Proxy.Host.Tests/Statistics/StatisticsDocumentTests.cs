using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Proxy.Core.Metrics;
using Proxy.Host.Statistics;

namespace Proxy.Host.Tests.Statistics;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StatisticsDocumentTests
{
    private readonly FakeProxy _proxy = new() { StartTime = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) };

    [Test]
    public void OnePoolWithOneServer_IsTwemproxysDocument()
    {
        var pool = new PoolCounters(3);
        for (var i = 0; i < 3; i++)
        {
            pool.ClientAccepted();
        }

        pool.ClientClosed(ClientCloseReason.Eof);
        pool.ClientClosed(ClientCloseReason.Protocol);
        pool.RequestFailed(RequestErrorReason.Timeout);
        pool.RequestSplit(2);
        var server = new ServerCounters();
        server.Connected();
        server.TimedOut();
        server.ConnectFailed(ServerConnectFailure.Refused);
        server.ConnectFailed(ServerConnectFailure.Refused);
        for (var i = 0; i < 4; i++)
        {
            server.RequestQueued(25);
        }

        server.RequestsWritten(3, 75);
        server.ReplyReceived(25, 900, 0, 1);
        _proxy.PoolList.Add(new PoolStatistics
        {
            Name = "alpha",
            Counters = [pool],
            Servers = [new ServerStatistics { Name = "127.0.0.1:6379", Counters = [server], EjectedAt = 1772366400123456, Ejections = 7 }],
        });

        Assert.That(Document(), Is.EqualTo(
            """
            {"service":"nutcracker","source":"host","version":"1.2.3","uptime":19,"timestamp":1772366419,"total_connections":129,"curr_connections":14,
            "alpha":{"client_eof":1,"client_err":1,"client_connections":1,"server_ejects":7,"forward_error":1,"fragments":2,
            "127.0.0.1:6379":{"server_eof":0,"server_err":2,"server_timedout":1,"server_connections":1,"server_ejected_at":1772366400123456,
            "requests":4,"request_bytes":100,"responses":1,"response_bytes":900,"in_queue":1,"in_queue_bytes":25,"out_queue":2,"out_queue_bytes":50}}}
            """.Replace("\n", "", StringComparison.Ordinal) + "\n"));
    }

    [Test]
    public void NamesWithQuotesAndControlCharacters_AreEscaped()
    {
        _proxy.PoolList.Add(new PoolStatistics
        {
            Name = "a\"b\\c\nd",
            Counters = [],
            Servers = [new ServerStatistics { Name = "ключ\t1", Counters = [] }],
        });

        using var document = JsonDocument.Parse(Document());

        Assert.That(document.RootElement.GetProperty("a\"b\\c\nd").TryGetProperty("ключ\t1", out _), Is.True);
    }

    [Test]
    public void DocumentIsOneLine()
    {
        _proxy.PoolList.Add(new PoolStatistics { Name = "a\nb", Counters = [], Servers = [] });

        Assert.That(Document().IndexOf('\n', StringComparison.Ordinal), Is.EqualTo(Document().Length - 1));
    }

    [Test]
    public void PoolsAndServers_ComeInTwemproxysOrder()
    {
        _proxy.PoolList.Add(new PoolStatistics { Name = "server10", Counters = [], Servers = [] });
        _proxy.PoolList.Add(new PoolStatistics { Name = "zz", Counters = [], Servers = [] });

        Assert.That(Document().IndexOf("\"zz\"", StringComparison.Ordinal), Is.LessThan(Document().IndexOf("\"server10\"", StringComparison.Ordinal)));
    }

    private string Document() =>
        Encoding.UTF8.GetString(StatisticsDocument.Write(ProxyStatistics.Take(_proxy, _proxy.StartTime.AddSeconds(19.9)), "host", "1.2.3"));
}
