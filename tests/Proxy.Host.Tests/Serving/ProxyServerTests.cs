using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Core;
using Proxy.Host.Signals;
using Proxy.Host.Yaml;
using Proxy.Testing;

namespace Proxy.Host.Tests.Serving;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ProxyServerTests : IDisposable
{
    private readonly ServingFixture _server = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(15) };

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [TestCase(nameof(ProcessSignal.Terminate))]
    [TestCase(nameof(ProcessSignal.Interrupt))]
    public async Task StopSignal_DrainsAndEndsWithZero(string signal)
    {
        var running = await _server.StartAndWaitUntilReadyAsync();
        _server.Send(Enum.Parse<ProcessSignal>(signal));
        Eventually.True(() => _server.Proxy.DrainTimeout != null, "draining begins");
        Assert.That(running.IsCompleted, Is.False);
        _server.Proxy.FinishDraining();

        Assert.That(
            (await running.WaitAsync(Eventually.DefaultDeadline), _server.Proxy.DrainTimeout, _server.Proxy.IsDisposed),
            Is.EqualTo((0, TimeSpan.FromSeconds(17), true)));
    }

    [Test]
    public async Task SecondStopSignal_EndsAtOnce()
    {
        var running = await _server.StartAndWaitUntilReadyAsync();
        _server.Send(ProcessSignal.Terminate);
        _server.Send(ProcessSignal.Terminate);

        Assert.That((await running.WaitAsync(Eventually.DefaultDeadline), _server.Proxy.IsDisposed), Is.EqualTo((0, true)));
    }

    [Test]
    public async Task Draining_ShowsInReadiness()
    {
        var admin = Addresses.FreeLoopback();
        _server.Options = _server.Options with { Model = _server.NewModel(admin) };
        var running = await _server.StartAndWaitUntilReadyAsync();
        Eventually.Equal(() => Get(admin.Text, "/readyz"), "ready\n", "ready at first");
        _server.Send(ProcessSignal.Terminate);

        Eventually.Equal(() => Get(admin.Text, "/readyz"), "draining\n", "then draining");
        await _server.StopAsync(running);
    }

    [Test]
    public async Task PoolThatCannotListen_EndsTheStartWithOne()
    {
        _server.Proxy.StartFailure = new ProxyStartException("cannot listen on 127.0.0.1:6380 (pool sessions): Address already in use");

        Assert.That((await _server.Start(), _server.IsReady), Is.EqualTo((1, false)));
        Assert.That(_server.Log, Does.Contain("start failed: cannot listen on 127.0.0.1:6380 (pool sessions): Address already in use"));
    }

    [Test]
    public async Task ReadyCallbackThatFails_EndsTheStartWithOne()
    {
        _server.OnReady = () => throw new IOException("cannot write the pid file");

        Assert.That((await _server.Start(), _server.Proxy.IsDisposed), Is.EqualTo((1, true)));
        Assert.That(_server.Log, Does.Contain("start failed: cannot write the pid file"));
    }

    [Test]
    public async Task LogThatCannotBeOpened_EndsTheStartWithOne()
    {
        var model = _server.NewModel();
        _server.Options = _server.Options with { Model = model with { Process = model.Process with { Log = model.Process.Log with { File = "/nowhere/proxy.log" } } } };

        Assert.That((await _server.Start(), _server.Proxy.IsStarted), Is.EqualTo((1, false)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task WrittenAddressThatIsTaken_EndsTheStartWithOne(bool isAdmin)
    {
        using var taken = Take();
        _server.Options = _server.Options with { Model = isAdmin ? _server.NewModel(admin: taken.Address) : _server.NewModel(stats: taken.Address) };

        Assert.That((await _server.Start(), _server.IsReady, _server.Proxy.IsDisposed), Is.EqualTo((1, false, true)));
        Assert.That(_server.Log, Does.Contain($"cannot listen on {taken.Address} ({(isAdmin ? "admin" : "statistics")}): Address already in use"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task DefaultAddressThatIsTaken_IsAWarning(bool isAdmin)
    {
        using var taken = Take();
        _server.Options = _server.Options with
        {
            Model = isAdmin ? _server.NewModel(admin: taken.Address, adminIsDefault: true) : _server.NewModel(stats: taken.Address, statsIsDefault: true),
        };
        var running = await _server.StartAndWaitUntilReadyAsync();

        Assert.That((_server.IsReady, await _server.StopAsync(running)), Is.EqualTo((true, 0)));
        Assert.That(_server.Log, Does.Match($"warn .* cannot listen on {taken.Address}, the default"));
    }

    [Test]
    public async Task Warnings_AreLoggedAtStart()
    {
        _server.Options = _server.Options with { Warnings = ["proxy.yaml:3:5: warning: a skew"] };
        await _server.StopAsync(await _server.StartAndWaitUntilReadyAsync());

        Assert.That(_server.Log, Does.Contain("warn  Serving.ProxyServer: proxy.yaml:3:5: warning: a skew"));
    }

    [Test]
    public async Task StatisticsPort_ServesTheDocument()
    {
        var stats = Addresses.FreeLoopback();
        _server.Options = _server.Options with { Model = _server.NewModel(stats: stats) };
        var running = await _server.StartAndWaitUntilReadyAsync();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(stats.EndPoint);
        using var reader = new StreamReader(new NetworkStream(client));

        Assert.That(await reader.ReadToEndAsync(), Does.StartWith("{\"service\":\"nutcracker\""));
        await _server.StopAsync(running);
    }

    [Test]
    public async Task Hangup_ReloadsTheFile()
    {
        var model = _server.NewModel();
        _server.OnReload = () => new LoadedConfig(model, [], ["a doubt"]);
        _server.Proxy.OnReload = _ => new ReloadSummary(["new"], ["other", "third"], [], []);
        var running = await _server.StartAndWaitUntilReadyAsync();
        _server.Send(ProcessSignal.Hangup);
        await _server.StopAsync(running);

        Assert.That(_server.Proxy.Reloaded, Is.EqualTo(new[] { model }));
        Assert.That(_server.Log, Does.Contain("a doubt").And.Contains("reloaded: proxy.yaml; pools added: new; changed: other, third; removed: none"));
    }

    [Test]
    public async Task FileWithErrors_LeavesTheOldConfigurationRunning()
    {
        _server.OnReload = () => new LoadedConfig(null, ["proxy.yaml:1:1: pools: wrong", "proxy.yaml:2:2: more"], []);
        var running = await _server.StartAndWaitUntilReadyAsync();
        _server.Send(ProcessSignal.Hangup);
        var code = await _server.StopAsync(running);

        Assert.That((code, _server.Proxy.Reloaded.Count), Is.EqualTo((0, 0)));
        Assert.That(_server.Log, Does.Contain("proxy.yaml:1:1: pools: wrong").And.Contains("proxy.yaml:2:2: more").And.Contains("reload refused: proxy.yaml"));
    }

    [Test]
    public async Task ReloadThatCannotBind_IsLoggedAndServingGoesOn()
    {
        _server.OnReload = () => new LoadedConfig(_server.NewModel(), [], []);
        _server.Proxy.OnReload = _ => throw new ProxyStartException("cannot listen on 127.0.0.1:1");
        var running = await _server.StartAndWaitUntilReadyAsync();
        _server.Send(ProcessSignal.Hangup);

        Assert.That(await _server.StopAsync(running), Is.Zero);
        Assert.That(_server.Log, Does.Contain("cannot listen on 127.0.0.1:1").And.Contains("reload refused"));
    }

    [Test]
    public async Task ReloadThatFailsUnexpectedly_LeavesServingGoOn()
    {
        _server.OnReload = () => throw new InvalidOperationException("a bug");
        var running = await _server.StartAndWaitUntilReadyAsync();
        _server.Send(ProcessSignal.Hangup);

        Assert.That(await _server.StopAsync(running), Is.Zero);
        Assert.That(_server.Log, Does.Contain("reload failed").And.Contains("a bug"));
    }

    [Test]
    public async Task ReloadWithAnotherAdminAddress_SaysThatItNeedsARestart()
    {
        _server.OnReload = () => new LoadedConfig(_server.NewModel(admin: Addresses.Loopback(9151)), [], []);
        var running = await _server.StartAndWaitUntilReadyAsync();
        _server.Send(ProcessSignal.Hangup);
        await _server.StopAsync(running);

        Assert.That(_server.Log, Does.Contain("changes of these keys take effect at the next start: admin"));
    }

    [Test]
    public async Task ReloadWithAnotherVerbosity_ChangesWhatIsLogged()
    {
        _server.OnReload = () => new LoadedConfig(_server.NewModel(verbosity: 4), [], []);
        var running = await _server.StartAndWaitUntilReadyAsync();
        _server.Send(ProcessSignal.Hangup);
        await _server.StopAsync(running);

        Assert.That(_server.Log, Does.Contain("listening: pool sessions").And.Not.Contains("draining"));
    }

    [Test]
    public async Task Hangup_GoesOnInANewLogFile()
    {
        _server.OnReload = () => new LoadedConfig(_server.NewModel(), [], []);
        var running = await _server.StartAndWaitUntilReadyAsync();
        Eventually.True(() => _server.Log.Contains("listening", StringComparison.Ordinal), "the start is logged");
        File.Move(_server.LogPath, _server.LogPath + ".1");
        _server.Send(ProcessSignal.Hangup);
        await _server.StopAsync(running);

        Assert.That(_server.Log, Does.Contain("reloaded: proxy.yaml").And.Contains("ended").And.Not.Contains("listening"));
    }

    [Test]
    public async Task LogSignals_MoveTheVerbosity()
    {
        var running = await _server.StartAndWaitUntilReadyAsync();
        _server.Send(ProcessSignal.LogMore);
        _server.Send(ProcessSignal.LogLess);
        await _server.StopAsync(running);

        Assert.That(_server.Log, Does.Contain("log verbosity is 6 now").And.Contains("log verbosity is 5 now"));
    }

    [TestCase(nameof(ProcessSignal.User1), "SIGUSR1")]
    [TestCase(nameof(ProcessSignal.User2), "SIGUSR2")]
    public async Task UserSignal_IsNotedAndIgnored(string signal, string name)
    {
        var running = await _server.StartAndWaitUntilReadyAsync();
        _server.Send(Enum.Parse<ProcessSignal>(signal));
        await _server.StopAsync(running);

        Assert.That(_server.Log, Does.Contain($"signal ignored: {name}"));
    }

    private string Get(string address, string path)
    {
        using var response = _client.Send(new HttpRequestMessage(HttpMethod.Get, $"http://{address}{path}"));
        using var reader = new StreamReader(response.Content.ReadAsStream());
        return reader.ReadToEnd();
    }

    private static TakenAddress Take() => new();
}
