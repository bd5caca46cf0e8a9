using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Failures;

/// <summary>AUTH and SELECT on new connections to servers: awaited one by one, before any request; a refusal is a clear error.</summary>
public sealed class HandshakeTests
{
    [Test]
    public void AuthThenSelectThenRequests_EachAwaited()
    {
        using var gate = new ManualResetEventSlim();
        using var server = ScriptedServer.Answering(request =>
        {
            if (request[0] == "AUTH")
            {
                gate.Wait();
            }

            return request[0] == "GET" ? "+value\r\n" : "+OK\r\n";
        });
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address], "redis_auth: secret", "redis_db: 3", "connect_timeout: 30s"));
        using var client = LoggedIn(proxy);
        client.SendCommand("GET", "a");
        Eventually.True(() => server.Requests.Count > 0, "the proxy logs in");
        Assert.That(server.Requests, Is.All.StartsWith("AUTH"));

        gate.Set();

        Assert.That(client.ReadReply(), Is.EqualTo("+value\r\n"));
        var data = Enumerable.Range(0, server.Accepted).Select(server.RequestsOf).First(requests => requests.Contains("GET a"));
        Assert.That(data, Is.EqualTo(["AUTH secret", "SELECT 3", "GET a"]));
    }

    [Test]
    public void RequestThatTimesOutDuringTheHandshake_IsNeverSent()
    {
        using var gate = new ManualResetEventSlim();
        using var server = ScriptedServer.Answering(request =>
        {
            if (request[0] == "AUTH")
            {
                gate.Wait();
            }

            return request[0] == "GET" ? "+value\r\n" : "+OK\r\n";
        });
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address], "redis_auth: secret", "timeout: 300", "connect_timeout: 30s"));
        using var client = LoggedIn(proxy);
        Assert.That(client.Call("SET", "a", "never"), Is.EqualTo("-ERR Connection timed out (pool main, server shard0)\r\n"));

        gate.Set();

        Eventually.Equal(() => client.Call("GET", "a"), "+value\r\n", "the server is used");
        Assert.That(server.Requests, Has.None.StartsWith("SET"));
    }

    [Test]
    public void WrongPassword_IsSaidAsTheServersError()
    {
        using var server = RedisServer.Start("--requirepass", "right");
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address], "redis_auth: wrong"));
        using var client = RespClient.Connect(proxy.File.Pools[0].EndPoint);
        client.Call("AUTH", "wrong");

        for (var i = 0; i < 5; i++)
        {
            Assert.That(
                client.Call("GET", "a"),
                Is.EqualTo(
                    "-ERR backend authentication failed: WRONGPASS invalid username-password pair or user is disabled. "
                    + "(pool main, server shard0)\r\n"));
        }
    }

    [Test]
    public void ServerWithPassword_PoolWithout_IsNotNoAuthToTheClient()
    {
        using var server = RedisServer.Start("--requirepass", "right");
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address]));

        Assert.That(proxy.Call("GET", "a"), Does.StartWith("-ERR backend authentication failed").And.Contain("(pool main, server shard0)"));
    }

    [Test]
    public void ServerWithoutPassword_PoolWith_IsSaid()
    {
        using var server = RedisServer.Start();
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address], "redis_auth: needless"));
        using var client = RespClient.Connect(proxy.File.Pools[0].EndPoint);
        client.Call("AUTH", "needless");

        Assert.That(
            client.Call("GET", "a"),
            Does.StartWith("-ERR backend authentication failed: ERR AUTH <password> called without any password"));
    }

    [Test]
    public void DatabaseThatTheServerHasNot_IsAnErrorNotAnotherDatabase()
    {
        using var server = RedisServer.Start("--databases", "2");
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address], "redis_db: 5"));

        Assert.That(proxy.Call("SET", "a", "1"), Does.StartWith("-ERR backend database selection failed: ERR DB index is out of range"));
        Assert.That(server.Call("DBSIZE"), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void MaxClientsOfTheServer_IsAnErrorAndRecovers()
    {
        using var server = RedisServer.Start("--maxclients", "1");
        using var occupant = server.Connect();
        Assert.That(occupant.Call("PING"), Is.EqualTo("+PONG\r\n"));
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address], "timeout: 2000"));
        Assert.That(proxy.Call("GET", "a"), Does.StartWith("-ERR "));

        occupant.Call("CONFIG", "SET", "maxclients", "100");

        Eventually.Equal(() => proxy.Call("GET", "a"), "$-1\r\n", "the server is used");
    }

    private static RespClient LoggedIn(ProxyProcess proxy)
    {
        var client = proxy.Connect();
        Assert.That(client.Call("AUTH", "secret"), Is.EqualTo("+OK\r\n"));
        return client;
    }
}
