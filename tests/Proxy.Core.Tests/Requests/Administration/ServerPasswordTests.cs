using NUnit.Framework;

namespace Proxy.Core.Tests.Requests.Administration;

/// <summary>CONFIG SET of the password that the proxy logs in with.</summary>
public sealed class ServerPasswordTests
{
    private const string Refusal =
        "-ERR CONFIG SET failed (possibly related to argument 'requirepass') - the proxy could not log in to its servers any more\r\n";

    [TestCase("CONFIG SET requirepass x", 1)]
    [TestCase("CONFIG SET maxmemory 0 RequirePass x", 1)]
    [TestCase("CONFIG SET requirepass x", 2)]
    public void AnotherPassword_IsRefusedAndNothingIsSent(string request, int servers)
    {
        var connector = new TestConnector();
        using var client = new Usage(connector, servers);

        Assert.That((client.Ask(request), connector.Attempts), Is.EqualTo((Refusal, 0)));
    }

    [TestCase("CONFIG SET maxmemory requirepass", 1)]
    [TestCase("CONFIG SET maxmemory 0", 2)]
    public void AnythingElse_IsTheServers(string request, int servers)
    {
        var connector = new TestConnector();
        using var client = new Usage(connector, servers);

        Assert.That((client.Ask(request), connector.Attempts), Is.EqualTo(("", servers)));
    }

    [Test]
    public void InATransaction_ItIsNotQueued()
    {
        using var client = new Usage(new TestConnector(), servers: 1);
        client.Ask("MULTI");

        Assert.That(client.Ask("CONFIG SET requirepass x"), Does.StartWith("-ERR "));
        Assert.That(client.Ask("EXEC"), Does.StartWith("-EXECABORT "));
    }

    private sealed class Usage : IDisposable
    {
        private readonly TestClient _client;
        private readonly TestPool _pool;

        public Usage(TestConnector connector, int servers)
        {
            _pool = new TestPool(Pools.Model([.. new[] { "a", "b" }.Take(servers)]), connector: connector);
            _client = new TestClient(_pool);
        }

        public string Ask(string request)
        {
            _client.Request(request);
            _pool.RunAll();
            return _client.TakeSent();
        }

        public void Dispose() => _client.Leave();
    }
}
