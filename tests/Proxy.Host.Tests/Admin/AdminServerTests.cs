using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Host.Admin;
using Proxy.Host.Statistics;
using Proxy.Testing;

namespace Proxy.Host.Tests.Admin;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AdminServerTests : IAsyncDisposable
{
    private readonly FakeProxy _proxy = new();
    private readonly Readiness _readiness = new();
    private readonly List<AdminServer> _servers = [];
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(15) };

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    [TestCase("/metrics", "text/plain")]
    [TestCase("/stats", "application/json")]
    [TestCase("/livez", "text/plain")]
    [TestCase("/", "text/html")]
    public async Task KnownPath_IsServed(string path, string contentType)
    {
        using var response = await GetAsync(path);

        Assert.That((response.StatusCode, response.Content.Headers.ContentType?.MediaType), Is.EqualTo((HttpStatusCode.OK, contentType)));
    }

    [TestCase("/nothing")]
    [TestCase("/metrics/")]
    [TestCase("/METRICS")]
    [TestCase("/../etc/passwd")]
    [TestCase("/stats%00")]
    public async Task OtherPath_IsNotFound(string path)
    {
        using var response = await GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound).Or.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Index_LinksToEveryPage()
    {
        var page = await (await GetAsync("/")).Content.ReadAsStringAsync();

        Assert.That(page, Does.Contain("\"/metrics\"").And.Contains("\"/stats\"").And.Contains("\"/livez\"").And.Contains("\"/readyz\""));
    }

    [Test]
    public async Task Metrics_HaveTheVersionOfTheirFormat()
    {
        using var response = await GetAsync("/metrics");

        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
    }

    [Test]
    public async Task Metrics_AreOpenMetricsForThoseWhoAccept()
    {
        await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Url("/metrics"));
        request.Headers.Accept.ParseAdd("application/openmetrics-text; version=1.0.0");
        using var response = await _client.SendAsync(request);

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/openmetrics-text"));
    }

    [Test]
    public async Task Stats_AreTheDocumentOfTheStatisticsPort()
    {
        _proxy.PoolList.Add(new PoolStatistics { Name = "p", Counters = [], Servers = [] });

        Assert.That(await (await GetAsync("/stats")).Content.ReadAsStringAsync(), Does.StartWith("{\"service\":\"nutcracker\",").And.Contains("\"p\":{\"client_eof\":0,"));
    }

    [Test]
    public async Task ProcessThatStarts_IsNotReady()
    {
        using var response = await GetAsync("/readyz");

        Assert.That((response.StatusCode, await response.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "starting\n")));
    }

    [Test]
    public async Task ProcessThatListens_IsReady()
    {
        _readiness.Ready();
        using var response = await GetAsync("/readyz");

        Assert.That((response.StatusCode, await response.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, "ready\n")));
    }

    [Test]
    public async Task ProcessThatDrains_IsNotReadyAnyMore()
    {
        _readiness.Ready();
        _readiness.Draining();
        _readiness.Ready();
        using var response = await GetAsync("/readyz");

        Assert.That((response.StatusCode, await response.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "draining\n")));
    }

    [Test]
    public async Task WorkerWithoutASignOfLife_MakesTheProcessNotAlive()
    {
        _proxy.Silences.AddRange([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(7.25)]);
        using var response = await GetAsync("/livez");

        Assert.That(
            (response.StatusCode, await response.Content.ReadAsStringAsync()),
            Is.EqualTo((HttpStatusCode.ServiceUnavailable, "worker 1 has given no sign of life for 7.3 s\n")));
    }

    [Test]
    public async Task WorkersThatBeat_KeepTheProcessAlive()
    {
        _proxy.Silences.AddRange([TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(4.9)]);
        using var response = await GetAsync("/livez");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Head_GetsNoBody()
    {
        await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, Url("/livez"));
        using var response = await _client.SendAsync(request);

        Assert.That((response.StatusCode, response.Content.Headers.ContentLength, (await response.Content.ReadAsByteArrayAsync()).Length), Is.EqualTo((HttpStatusCode.OK, 6L, 0)));
    }

    [Test]
    public async Task Post_IsNotAllowed()
    {
        await StartAsync();
        using var response = await _client.PostAsync(Url("/stats"), new StringContent("x"));

        Assert.That((response.StatusCode, response.Content.Headers.Allow), Is.EqualTo((HttpStatusCode.MethodNotAllowed, new[] { "GET", "HEAD" })));
    }

    [Test]
    public async Task ClientThatSendsNoHttp_LeavesTheNextOneServed()
    {
        var address = await StartAsync();
        using (var garbage = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            garbage.Connect(address.EndPoint);
            garbage.Send("*1\r\n$4\r\nPING\r\n\0\xff"u8);
        }

        using var response = await _client.GetAsync(Url("/livez"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task TakenAddress_IsReportedWithItsCause()
    {
        var address = await StartAsync();

        Assert.That(async () => await StartAsync(address), Throws.InstanceOf<IOException>().With.Message.EqualTo("Address already in use"));
    }

    [Test]
    public async Task DisposedServer_LeavesTheAddressFree()
    {
        var address = await StartAsync();
        using var open = await _client.GetAsync(Url("/livez"));
        await _servers[0].DisposeAsync();
        _servers.Clear();

        Assert.That(async () => await StartAsync(address), Throws.Nothing);
    }

    [Test]
    public async Task UnixSocket_ServesPages()
    {
        using var folder = new TempFolder();
        var address = Addresses.Unix(folder["admin.sock"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await StartAsync(address);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(address.EndPoint);
        using var stream = new NetworkStream(socket);
        await stream.WriteAsync("GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);

        Assert.That(await reader.ReadToEndAsync(), Does.StartWith("HTTP/1.1 200 OK").And.EndsWith("alive\n"));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public async Task UnixSocketWithMode_HasThatMode()
    {
        using var folder = new TempFolder();
        await StartAsync(Addresses.Unix(folder["admin.sock"], UnixFileMode.UserRead | UnixFileMode.UserWrite));

        Assert.That(File.GetUnixFileMode(folder["admin.sock"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private async Task<HttpResponseMessage> GetAsync(string path)
    {
        await StartAsync();
        return await _client.GetAsync(Url(path));
    }

    private string Url(string path) => _servers[0].Url + path;

    private async Task<AddressModel> StartAsync(AddressModel? address = null)
    {
        address ??= Addresses.FreeLoopback();
        var report = new StatisticsReport(_proxy, TimeProvider.System);
        var metrics = new MetricsPage(_proxy, new ReloadStatistics(), TimeProvider.System, NullLogger.Instance);
        var pages = new AdminPages(new Lazy<MetricsPage>(metrics), report, new Liveness(_proxy), _readiness);
        _servers.Add(await AdminServer.StartAsync(address, pages, NullLoggerFactory.Instance));
        return address;
    }
}
