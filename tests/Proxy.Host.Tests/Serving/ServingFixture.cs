using System.Collections.Immutable;
using System.Threading.Channels;
using Proxy.Core.Model;
using Proxy.Host.Serving;
using Proxy.Host.Signals;
using Proxy.Host.Yaml;
using Proxy.Partitioning;
using Proxy.Testing;

namespace Proxy.Host.Tests.Serving;

/// <summary>A server with a fake proxy, signals that a test sends, and a log that it can read.</summary>
internal sealed class ServingFixture : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Channel<ProcessSignal> _signals = Channel.CreateUnbounded<ProcessSignal>();
    private int _ready;

    public ServingFixture()
    {
        Options = new ServeOptions
        {
            Model = NewModel(),
            ConfigPath = "proxy.yaml",
            Reload = () => OnReload(),
            OnReady = () =>
            {
                OnReady();
                Interlocked.Increment(ref _ready);
            },
        };
    }

    public FakeProxy Proxy { get; } = new();

    public ServeOptions Options { get; set; }

    public Func<LoadedConfig> OnReload { get; set; } = () => throw new InvalidOperationException("nobody expects a reload");

    public Action OnReady { get; set; } = () => { };

    public bool IsReady => Volatile.Read(ref _ready) == 1;

    public string LogPath => _folder["proxy.log"];

    public string Log => File.ReadAllText(LogPath);

    public ProxyModel NewModel(AddressModel? admin = null, bool adminIsDefault = false, AddressModel? stats = null, bool statsIsDefault = false, int verbosity = 5) =>
        new(
            new ProcessModel
            {
                Threads = 1,
                Admin = admin,
                AdminIsDefault = adminIsDefault,
                Stats = stats,
                StatsIsDefault = statsIsDefault,
                DrainTimeout = TimeSpan.FromSeconds(17),
                Log = new LogModel { File = _folder["proxy.log"], Verbosity = verbosity },
            },
            ImmutableArray.Create(new PoolModel
            {
                Name = "sessions",
                Listen = Addresses.Loopback(6380),
                Servers = [],
                Partitioning = new PartitionerOptions { Members = [new PartitionMember("s")] },
            }));

    public Task<int> Start() => Task.Run(() => ProxyServer.RunAsync(Options, (_, _) => Proxy, _signals.Reader, TimeProvider.System, CancellationToken.None));

    public async Task<Task<int>> StartAndWaitUntilReadyAsync()
    {
        var running = Start();
        await Task.Run(() => Eventually.True(() => IsReady || running.IsCompleted, "the server is ready"));
        return running;
    }

    public void Send(ProcessSignal signal) => _signals.Writer.TryWrite(signal);

    public async Task<int> StopAsync(Task<int> running)
    {
        Send(ProcessSignal.Terminate);
        Proxy.FinishDraining();
        return await running.WaitAsync(Eventually.DefaultDeadline);
    }

    public void Dispose() => _folder.Dispose();
}
