using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Failures;

/// <summary>
/// A fixture whose tests put a scripted server and a real one behind a proxy: keys with a number below 1000 live on the scripted one,
/// <c>shard0</c>, the others on the real one, <c>shard1</c>.
/// </summary>
public abstract class ScriptedServerTests
{
    protected const string Key = "key:1";
    protected const string HealthyKey = "key:1001";

    private readonly List<IDisposable> _started = [];
    private RedisServer _healthy = null!;

    protected ProxyProcess Proxy { get; private set; } = null!;

    protected RespClient Client { get; private set; } = null!;

    [OneTimeSetUp]
    public void StartHealthyServer() => _healthy = RedisServer.Start();

    [OneTimeTearDown]
    public void EndHealthyServer() => _healthy.Dispose();

    /// <summary>Whatever happens to the scripted server, the other one's clients do not notice, and the proxy lives.</summary>
    [TearDown]
    public void TheOtherServerIsServed_ThenEndAll()
    {
        try
        {
            if (Proxy is not null && !Proxy.Process.HasExited)
            {
                Assert.That(Proxy.Call("SET", HealthyKey, "v"), Is.EqualTo("+OK\r\n"), "a client of the other server");
            }
        }
        finally
        {
            Proxy = null!;
            _started.Reverse();
            var disposals = _started.ToList();
            _started.Clear();
            disposals.ForEach(started => started.Dispose());
        }
    }

    /// <summary>The reply to a request that failed at the scripted server.</summary>
    protected static string Failure(string reason) => $"-ERR {reason} (pool main, server shard0)\r\n";

    /// <summary>Starts a server with a script; it ends with the test.</summary>
    protected ScriptedServer Serve(Action<ScriptedConnection> script) => Keep(ScriptedServer.Start(script));

    /// <summary>
    /// Starts the proxy before <paramref name="server"/> and the healthy one, with one thread, so that all clients share the connections.
    /// </summary>
    protected void StartProxy(ScriptedServer server, params string[] poolKeys) => StartProxy(server.Address, poolKeys);

    /// <summary>The same with any address in the place of the scripted server.</summary>
    protected void StartProxy(string address, params string[] poolKeys)
    {
        Proxy = Keep(ProxyProcess.Start(RedisTopology.File([address, _healthy.Address], poolKeys) with { Keys = ["threads: 1"] }));
        Client = Connect();
    }

    /// <summary>One more client; it ends with the test.</summary>
    protected RespClient Connect() => Keep(Proxy.Connect());

    protected T Keep<T>(T started)
        where T : IDisposable
    {
        _started.Add(started);
        return started;
    }
}
