using System.Globalization;
using System.Net;
using System.Text.Json;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Operation;

/// <summary>twemproxy's statistics on raw TCP, and the admin endpoint. Names and values.</summary>
public sealed class StatisticsTests
{
    private static readonly string[] PoolStatistics =
        ["client_eof", "client_err", "client_connections", "server_ejects", "forward_error", "fragments"];

    private static readonly string[] ServerStatistics =
    [
        "server_eof", "server_err", "server_timedout", "server_connections", "server_ejected_at", "requests", "request_bytes",
        "responses", "response_bytes", "in_queue", "in_queue_bytes", "out_queue", "out_queue_bytes",
    ];

    private readonly int _statsPort = FreePort.Next();
    private readonly int _adminPort = FreePort.Next();
    private RedisServer _first = null!;
    private RedisServer _second = null!;
    private ProxyProcess _proxy = null!;
    private HttpClient _http = null!;

    [SetUp]
    public void Start()
    {
        _first = RedisServer.Start();
        _second = RedisServer.Start();
        var file = RedisTopology.File([_first.Address, _second.Address], "timeout: 2000");
        _proxy = ProxyProcess.Start(file with { Keys = [$"admin: 127.0.0.1:{_adminPort}", $"stats: 127.0.0.1:{_statsPort}"] });
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_adminPort}"), Timeout = TimeSpan.FromSeconds(15) };
    }

    [TearDown]
    public void End()
    {
        _http.Dispose();
        _proxy?.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    [Test]
    public void RawTcp_HasTwemproxysNames()
    {
        var json = Statistics();

        Assert.That(
            Names(json).Take(7),
            Is.EqualTo(["service", "source", "version", "uptime", "timestamp", "total_connections", "curr_connections"]));
        Assert.That(Names(json.GetProperty("main")), Is.SupersetOf(PoolStatistics));
        Assert.That(Names(json.GetProperty("main").GetProperty("shard1")), Is.SupersetOf(ServerStatistics));
    }

    [Test]
    public void RawTcp_ValuesAreTrue()
    {
        using var client = _proxy.Connect();
        Assert.That(client.Call("PING"), Is.EqualTo("+PONG\r\n"));
        var left = Of(Pool(), "client_eof");
        var set = RespFrame.Request("SET", "key:1", "value");
        var get = RespFrame.Request("GET", "key:1");
        client.Call("SET", "key:1", "value");
        client.Call("GET", "key:1");
        client.Call("MGET", "key:1", "key:1001");
        client.Call("NOSUCH");
        _proxy.Connect().Dispose();

        Eventually.Equal(() => Of(Pool(), "client_eof"), left + 1, "the client that left is counted");
        var pool = Pool();
        var shard0 = pool.GetProperty("shard0");
        var shard1 = pool.GetProperty("shard1");
        Assert.That(Of(pool, "client_connections"), Is.EqualTo(1));
        Assert.That(Of(pool, "fragments"), Is.EqualTo(2));
        Assert.That(Of(pool, "forward_error"), Is.Zero);
        Assert.That(Of(shard0, "requests"), Is.EqualTo(3));
        Assert.That(Of(shard0, "request_bytes"), Is.EqualTo(set.Length + get.Length + RespFrame.Request("MGET", "key:1").Length));
        Assert.That(Of(shard0, "responses"), Is.EqualTo(3));
        Assert.That(Of(shard0, "response_bytes"), Is.EqualTo("+OK\r\n$5\r\nvalue\r\n*1\r\n$5\r\nvalue\r\n".Length));
        Assert.That(Of(shard1, "requests"), Is.EqualTo(1));
        Assert.That(Of(shard0, "server_connections"), Is.EqualTo(1));
        string[] queues = ["in_queue", "out_queue", "in_queue_bytes", "out_queue_bytes"];
        Assert.That(queues.Select(queue => Of(shard0, queue)), Is.All.Zero);
    }

    [Test]
    public void KilledServer_IsCounted()
    {
        using var client = _proxy.Connect();
        client.Call("GET", "key:1");
        _first.Kill();
        Assert.That(client.Call("GET", "key:1"), Does.StartWith("-ERR "));
        Assert.That(client.Call("GET", "key:1"), Does.StartWith("-ERR "));

        Eventually.True(() => Of(Pool(), "forward_error") == 2, "both failed requests are counted");
        var shard = Pool().GetProperty("shard0");
        Assert.That(Of(shard, "server_eof") + Of(shard, "server_err"), Is.GreaterThan(0));
        Assert.That(Of(shard, "server_connections"), Is.Zero);
    }

    [Test]
    public void AdminStats_IsTheSameDocument()
    {
        using var document = JsonDocument.Parse(Get("/stats").Body);

        Assert.That(Names(document.RootElement), Is.EqualTo(Names(Statistics())));
        Assert.That(Names(document.RootElement.GetProperty("main")), Is.EqualTo(Names(Statistics().GetProperty("main"))));
    }

    [TestCase("/livez")]
    [TestCase("/readyz")]
    public void Probes_AreOkWhileItServes(string path) => Assert.That(Get(path).Status, Is.EqualTo(HttpStatusCode.OK));

    [Test]
    public void Livez_DoesNotDependOnTheServers()
    {
        _first.Kill();
        _second.Kill();
        _proxy.Call("GET", "key:1");

        Assert.That(Get("/livez").Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public void Metrics_CountRequestsByCommandAndServer()
    {
        using var client = _proxy.Connect();
        client.Call("SET", "key:1", "value");
        client.Call("SET", "key:1001", "value");
        client.Call("GET", "key:1");
        client.Call("GET");

        var metrics = Get("/metrics").Body.Split('\n');

        Assert.That(Metric(metrics, "redis_proxy_client_requests_total", "pool=\"main\"", "command=\"set\""), Is.EqualTo(2));
        Assert.That(Metric(metrics, "redis_proxy_client_requests_total", "pool=\"main\"", "command=\"get\""), Is.EqualTo(2));
        Assert.That(Metric(metrics, "redis_proxy_client_request_errors_total", "pool=\"main\"", "reason=\"arity\""), Is.EqualTo(1));
        Assert.That(Metric(metrics, "redis_proxy_server_requests_total", "pool=\"main\"", "server=\"shard0\""), Is.EqualTo(2));
        Assert.That(Metric(metrics, "redis_proxy_server_up", "pool=\"main\"", "server=\"shard1\""), Is.EqualTo(1));
        Assert.That(Metric(metrics, "redis_proxy_client_connections", "pool=\"main\""), Is.EqualTo(1));
        Assert.That(
            Metric(metrics, "redis_proxy_server_request_duration_seconds_count", "pool=\"main\"", "server=\"shard0\""), Is.EqualTo(2));
        Assert.That(metrics, Has.Some.StartsWith("redis_proxy_build_info"));
    }

    [Test]
    public void Readyz_WhileDraining_IsNotOk()
    {
        using var gate = new ManualResetEventSlim();
        using var slow = ScriptedServer.Answering(_ =>
        {
            gate.Wait();
            return "+late\r\n";
        });
        var port = FreePort.Next();
        using var proxy = ProxyProcess.Start(ProxyFile.Of([slow.Address]) with { Keys = [$"admin: 127.0.0.1:{port}"] });
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var client = proxy.Connect();
        client.SendCommand("GET", "a");
        Eventually.True(() => slow.Requests.Count == 1, "a request is in flight");

        proxy.Terminate();

        Eventually.Equal(() => Get(http, "/readyz").Status, HttpStatusCode.ServiceUnavailable, "readiness says so");
        gate.Set();
        Assert.That(client.ReadReply(), Is.EqualTo("+late\r\n"));
        Assert.That(proxy.WaitForExit(), Is.Zero);
    }

    [Test]
    public void DefaultAdminAddressThatIsTaken_IsNoFailure()
    {
        using var one = ProxyProcess.Start(ProxyFile.Of([_first.Address]) with { Keys = ["admin: 127.0.0.1:9151"] });

        using var two = ProxyProcess.Start(ProxyFile.Of([_first.Address]) with { WithoutDefaults = true });

        Assert.That(two.Call("PING"), Is.EqualTo("+PONG\r\n"));
        Eventually.True(() => two.Process.Output.Contains("9151", StringComparison.Ordinal), "a warning names the address");
    }

    [Test]
    public void NutcrackerFile_StatisticsPortIsTheFlags()
    {
        using var folder = new TempFolder();
        var (listen, stats) = (FreePort.Next(), FreePort.Next());
        var config = folder.Write(
            "nutcracker.yml",
            $"alpha:\n  listen: 127.0.0.1:{listen}\n  redis: true\n  servers:\n   - {_first.Address}:1\n");
        using var proxy = ChildProcess.Start(ProxyProcess.Executable, ["-c", config, "-s", $"{stats}", "-a", "127.0.0.1"], folder.Path);
        Eventually.True(() => ListeningSockets.Has(new IPEndPoint(IPAddress.Loopback, stats)), "the statistics port listens");
        Eventually.True(() => ListeningSockets.Has(new IPEndPoint(IPAddress.Loopback, listen)), "the pool listens");
        using (var client = RespClient.Connect(listen))
        {
            Assert.That(client.Call("SET", "a", "1"), Is.EqualTo("+OK\r\n"));
        }

        using var document = RespClient.Connect(stats);
        using var json = JsonDocument.Parse(document.ReadToEnd());

        Assert.That(Of(json.RootElement.GetProperty("alpha").GetProperty(_first.Address), "requests"), Is.EqualTo(1));
    }

    private static long Of(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];

    private static double Metric(string[] lines, string name, params string[] labels)
    {
        var found = lines
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .ToList();
        Assert.That(found, Is.Not.Empty, $"no {name}{{{string.Join(',', labels)}}}");
        return found.Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    private static (HttpStatusCode Status, string Body) Get(HttpClient http, string path)
    {
        using var response = http.Send(new HttpRequestMessage(HttpMethod.Get, path));
        using var reader = new StreamReader(response.Content.ReadAsStream());
        return (response.StatusCode, reader.ReadToEnd());
    }

    private (HttpStatusCode Status, string Body) Get(string path) => Get(_http, path);

    private JsonElement Pool() => Statistics().GetProperty("main");

    private JsonElement Statistics()
    {
        using var client = RespClient.Connect(_statsPort);
        var text = client.ReadToEnd();
        Assert.That(text, Does.EndWith("\n"));
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
