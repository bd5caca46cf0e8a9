using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Prometheus;
using Proxy.Core.Metrics;
using Proxy.Host.Admin;

namespace Proxy.Host.Tests.Admin;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed partial class MetricsPageTests
{
    private readonly FakeProxy _proxy = new();
    private readonly ReloadStatistics _reloads = new();
    private readonly MetricsPage _page;

    public MetricsPageTests() => _page = new MetricsPage(_proxy, _reloads, TimeProvider.System, NullLogger.Instance);

    // Label values stand for themselves here: the point is which series exist.
    private static string[] InitialSeries =>
    [
        """redis_proxy_config_last_reload_successful 1""",
        """redis_proxy_config_reloads_total{result="failure"} 0""",
        """redis_proxy_client_connections{pool="p"} 0""",
        """redis_proxy_client_connections_accepted_total{pool="p"} 0""",
        """redis_proxy_client_connections_closed_total{pool="p",reason="output_limit"} 0""",
        """redis_proxy_client_connections_rejected_total{pool="p",reason="limit"} 0""",
        """redis_proxy_client_requests_total{pool="p",command="other"} 0""",
        """redis_proxy_client_request_errors_total{pool="p",reason="unknown_command"} 0""",
        """redis_proxy_client_received_bytes_total{pool="p"} 0""",
        """redis_proxy_client_sent_bytes_total{pool="p"} 0""",
        """redis_proxy_client_buffered_bytes{pool="p"} 0""",
        """redis_proxy_subscriptions{pool="p",kind="channel"} 0""",
        """redis_proxy_subscriptions{pool="p",kind="shard_channel"} 0""",
        """redis_proxy_messages_delivered_total{pool="p"} 0""",
        """redis_proxy_request_duration_seconds_bucket{pool="p",le="5e-05"} 0""",
        """redis_proxy_request_duration_seconds_bucket{pool="p",le="+Inf"} 0""",
        """redis_proxy_request_duration_seconds_count{pool="p"} 0""",
        """redis_proxy_requests_in_flight{pool="p"} 0""",
        """redis_proxy_requests_split_total{pool="p"} 0""",
        """redis_proxy_fragments_total{pool="p"} 0""",
        """redis_proxy_server_up{pool="p",server="s"} 1""",
        """redis_proxy_server_state{pool="p",server="s",state="unknown"} 1""",
        """redis_proxy_server_state{pool="p",server="s",state="up"} 0""",
        """redis_proxy_server_connections{pool="p",server="s"} 0""",
        """redis_proxy_server_connects_total{pool="p",server="s",result="success"} 0""",
        """redis_proxy_server_connects_total{pool="p",server="s",result="failure"} 0""",
        """redis_proxy_server_connection_failures_total{pool="p",server="s",reason="refused"} 0""",
        """redis_proxy_server_connections_closed_total{pool="p",server="s",reason="eof"} 0""",
        """redis_proxy_server_requests_total{pool="p",server="s"} 0""",
        """redis_proxy_server_request_bytes_total{pool="p",server="s"} 0""",
        """redis_proxy_server_responses_total{pool="p",server="s"} 0""",
        """redis_proxy_server_response_bytes_total{pool="p",server="s"} 0""",
        """redis_proxy_server_errors_total{pool="p",server="s",prefix="LOADING"} 0""",
        """redis_proxy_server_errors_total{pool="p",server="s",prefix="other"} 0""",
        """redis_proxy_server_request_duration_seconds_count{pool="p",server="s"} 0""",
        """redis_proxy_server_timeouts_total{pool="p",server="s"} 0""",
        """redis_proxy_server_subscriptions_renewed_total{pool="p",server="s"} 0""",
        """redis_proxy_server_queue{pool="p",server="s",queue="in"} 0""",
        """redis_proxy_server_queue{pool="p",server="s",queue="out"} 0""",
        """redis_proxy_server_queue_bytes{pool="p",server="s",queue="in"} 0""",
        """redis_proxy_server_ejections_total{pool="p",server="s"} 0""",
        """redis_proxy_server_ejected{pool="p",server="s"} 0""",
    ];

    private static string[] CommonNames =>
    [
        "redis_proxy_start_time_seconds", "redis_proxy_config_last_reload_timestamp_seconds",
        "process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_open_fds", "process_max_fds",
        "process_threads", "process_start_time_seconds", "dotnet_collection_count_total", "dotnet_total_memory_bytes", "dotnet_gc_committed_bytes",
        "dotnet_gc_allocated_bytes_total", "dotnet_gc_pause_seconds_total", "dotnet_threadpool_threads", "dotnet_threadpool_queue_length",
        "dotnet_lock_contentions_total", "dotnet_exceptions_total",
    ];

    [Test]
    public async Task EverySeries_IsThereBeforeAnythingHappened()
    {
        _proxy.PoolList.Add(Pool("p", new PoolCounters(3), new ServerCounters()));

        Assert.That((await RenderAsync()).Split('\n'), Is.SupersetOf(InitialSeries));
    }

    [Test]
    public async Task ProcessAndRuntimeMetrics_AreThere()
    {
        var names = (await RenderAsync()).Split('\n').Select(line => line.Split('{', ' ')[0]);

        Assert.That(names, Is.SupersetOf(CommonNames));
    }

    [Test]
    public async Task OpenDescriptorsAndCpuTime_AreReal()
    {
        var page = await RenderAsync();

        Assert.Multiple(() =>
        {
            Assert.That(Value(page, "process_open_fds"), Is.GreaterThan(2));
            Assert.That(Value(page, "process_max_fds"), Is.GreaterThan(Value(page, "process_open_fds")));
            Assert.That(Value(page, "process_cpu_seconds_total"), Is.Positive);
            Assert.That(Value(page, "process_threads"), Is.EqualTo(Process.GetCurrentProcess().Threads.Count).Within(10));
        });
    }

    [Test]
    public async Task BuildInfo_NamesVersionAndRuntime() =>
        Assert.That(await RenderAsync(), Does.Match("""redis_proxy_build_info\{version="[0-9.]+",commit="[0-9a-f]*",runtime="\.NET 10[^"]*",aot="false"\} 1\n"""));

    [Test]
    public async Task Info_NamesTheTransport() =>
        Assert.That(await RenderAsync(), Does.Contain("redis_proxy_info{transport=\"epoll\"} 1\n"));

    [Test]
    public async Task ClientsOfEachWorker_AreShown() =>
        Assert.That(
            (await RenderAsync()).Split('\n'),
            Is.SupersetOf(new[] { "redis_proxy_worker_client_connections{worker=\"0\"} 3", "redis_proxy_worker_client_connections{worker=\"1\"} 5" }));

    [Test]
    public async Task AllocationsOfEachWorker_AreShown() =>
        Assert.That((await RenderAsync()).Split('\n'), Does.Contain("redis_proxy_worker_allocated_bytes_total{worker=\"1\"} 2000"));

    [Test]
    public async Task EveryLine_IsValidTextFormat()
    {
        _proxy.PoolList.Add(Pool("with \"quotes\" \\ and ключ", new PoolCounters(3), new ServerCounters()));

        var wrong = (await RenderAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !ValidLine().IsMatch(line));

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task CountersOfAllWorkers_AreSummed()
    {
        var workers = new[] { new PoolCounters(3), new PoolCounters(3) };
        foreach (var counters in workers)
        {
            counters.ClientAccepted();
            counters.RequestReceived(2);
        }

        _proxy.PoolList.Add(new PoolStatistics { Name = "p", Counters = workers, Servers = [] });
        var page = await RenderAsync();

        Assert.That(
            (Value(page, """redis_proxy_client_connections{pool="p"}"""), Value(page, """redis_proxy_client_requests_total{pool="p",command="client|setname"}""")),
            Is.EqualTo((2.0, 2.0)));
    }

    [Test]
    public async Task CommandThatNobodySent_HasNoSeries()
    {
        var counters = new PoolCounters(3);
        counters.RequestReceived(0);
        _proxy.PoolList.Add(Pool("p", counters, new ServerCounters()));
        var page = await RenderAsync();

        Assert.That(page, Does.Contain("command=\"get\"").And.Not.Contain("command=\"set\""));
    }

    [Test]
    public async Task CountersThatGrow_AreFollowedByEachScrape()
    {
        var counters = new PoolCounters(3);
        _proxy.PoolList.Add(Pool("p", counters, new ServerCounters()));
        counters.BytesReceived(10);
        await RenderAsync();
        counters.BytesReceived(5);

        Assert.That(Value(await RenderAsync(), """redis_proxy_client_received_bytes_total{pool="p"}"""), Is.EqualTo(15));
    }

    [Test]
    public async Task RemovedPool_DisappearsWithAllItsSeries()
    {
        _proxy.PoolList.Add(Pool("going", new PoolCounters(3), new ServerCounters()));
        _proxy.PoolList.Add(Pool("staying", new PoolCounters(3), new ServerCounters()));
        await RenderAsync();

        _proxy.PoolList.RemoveAt(0);

        Assert.That(await RenderAsync(), Does.Not.Contain("going").And.Contains("staying"));
    }

    [Test]
    public async Task RemovedServer_Disappears()
    {
        _proxy.PoolList.Add(Pool("p", new PoolCounters(3), new ServerCounters()));
        await RenderAsync();

        _proxy.PoolList[0] = _proxy.PoolList[0] with { Servers = [] };

        Assert.That(await RenderAsync(), Does.Not.Contain("server=\"s\"").And.Contains("pool=\"p\""));
    }

    [Test]
    public async Task PoolMadeAnew_CountsFromZero()
    {
        var old = new PoolCounters(3);
        old.BytesReceived(1000);
        old.RequestDone(0, 1);
        _proxy.PoolList.Add(Pool("p", old, new ServerCounters()));
        await RenderAsync();

        var renewed = new PoolCounters(3);
        renewed.BytesReceived(3);
        _proxy.PoolList[0] = Pool("p", renewed, new ServerCounters());
        var page = await RenderAsync();

        Assert.That(
            (Value(page, """redis_proxy_client_received_bytes_total{pool="p"}"""), Value(page, """redis_proxy_request_duration_seconds_count{pool="p"}""")),
            Is.EqualTo((3.0, 0.0)));
    }

    [Test]
    public async Task Durations_LandInTheirBuckets()
    {
        var counters = new PoolCounters(3);
        _proxy.PoolList.Add(Pool("p", counters, new ServerCounters()));
        Done(counters, 0.00004, 0.00015, 0.00016, 0.3);
        await RenderAsync();
        Done(counters, 0.3, 30);
        var page = await RenderAsync();

        Assert.That(
            new[] { "5e-05", "0.0001", "0.0002", "0.2", "0.5", "5", "+Inf" }.Select(bound => Value(page, $$"""redis_proxy_request_duration_seconds_bucket{pool="p",le="{{bound}}"}""")),
            Is.EqualTo(new[] { 1, 1, 3, 3, 5, 5, 6 }));
    }

    [Test]
    public async Task Durations_HaveTheRightSum()
    {
        var counters = new PoolCounters(3);
        _proxy.PoolList.Add(Pool("p", counters, new ServerCounters()));
        Done(counters, 0.00004, 0.00015, 0.00016, 0.3);
        await RenderAsync();
        Done(counters, 0.4, 30);
        var page = await RenderAsync();

        Assert.That(Value(page, """redis_proxy_request_duration_seconds_sum{pool="p"}"""), Is.EqualTo(30.70035).Within(1e-6));
    }

    [TestCase(nameof(ServerState.Unknown), 1)]
    [TestCase(nameof(ServerState.Up), 1)]
    [TestCase(nameof(ServerState.Down), 0)]
    [TestCase(nameof(ServerState.Ejected), 0)]
    public async Task ServerUp_FollowsTheState(string state, int up)
    {
        _proxy.PoolList.Add(Pool("p", new PoolCounters(3), new ServerCounters(), Enum.Parse<ServerState>(state)));

        Assert.That(Value(await RenderAsync(), """redis_proxy_server_up{pool="p",server="s"}"""), Is.EqualTo(up));
    }

    [Test]
    public async Task FailedReload_Shows()
    {
        _reloads.Failed();
        var page = await RenderAsync();

        Assert.That(
            (Value(page, "redis_proxy_config_last_reload_successful"), Value(page, """redis_proxy_config_reloads_total{result="failure"}""")),
            Is.EqualTo((0.0, 1.0)));
    }

    [Test]
    public async Task OpenMetrics_EndsWithItsEndMark() => Assert.That(await RenderAsync(ExpositionFormat.OpenMetricsText), Does.EndWith("# EOF\n"));

    [Test]
    public async Task ScrapesAtTheSameTime_AllSeeTheWhole()
    {
        var counters = new PoolCounters(3);
        counters.BytesReceived(42);
        _proxy.PoolList.Add(Pool("p", counters, new ServerCounters()));

        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => RenderAsync())));

        Assert.That(pages.Select(page => Value(page, """redis_proxy_client_received_bytes_total{pool="p"}""")), Is.All.EqualTo(42));
    }

    private async Task<string> RenderAsync(ExpositionFormat format = ExpositionFormat.PrometheusText) =>
        Encoding.UTF8.GetString((await _page.RenderAsync(format, CancellationToken.None)).Span);

    private static double Value(string page, string series) =>
        double.Parse(page.Split('\n').Single(line => line.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..]);

    private static void Done(PoolCounters counters, params double[] seconds)
    {
        foreach (var duration in seconds)
        {
            counters.RequestDone(0, (long)(duration * Stopwatch.Frequency));
        }
    }

    private static PoolStatistics Pool(string name, PoolCounters pool, ServerCounters server, ServerState state = ServerState.Unknown) => new()
    {
        Name = name,
        Counters = [pool],
        Servers = [new ServerStatistics { Name = "s", Counters = [server], State = state }],
    };

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="([^"\\]|\\["\\n])*"(,[a-z_]+="([^"\\]|\\["\\n])*")*\})? (\+Inf|-?[0-9.]+(e[-+]?[0-9]+)?))$""", RegexOptions.IgnoreCase)]
    private static partial Regex ValidLine();
}
