using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Operation;

/// <summary>SIGHUP: the file is read again; clients stay, their next request uses what it says. A bad file changes nothing.</summary>
public sealed class ReloadTests
{
    private RedisServer _old = null!;
    private RedisServer _new = null!;
    private ProxyProcess _proxy = null!;
    private RespClient _client = null!;

    [OneTimeSetUp]
    public void StartRedis()
    {
        _old = RedisServer.Start();
        _new = RedisServer.Start();
        _old.Call("SET", "where", "old");
        _new.Call("SET", "where", "new");
    }

    [OneTimeTearDown]
    public void EndRedis()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [SetUp]
    public void StartProxy()
    {
        _proxy = ProxyProcess.Start(ProxyFile.Of([_old.Address]));
        _client = _proxy.Connect();
        Assert.That(_client.Call("GET", "where"), Is.EqualTo("$3\r\nold\r\n"));
    }

    [TearDown]
    public void EndProxy()
    {
        _client.Dispose();
        _proxy?.Dispose();
    }

    [Test]
    public void OtherServers_ClientStaysAndItsNextRequestGoesThere()
    {
        _proxy.Reload(With(pool => pool with { Servers = [_new.Address] }));

        Eventually.Equal(() => _client.Call("GET", "where"), "$3\r\nnew\r\n", "the new server is used");
    }

    [Test]
    public void OtherServers_RequestsInFlightAreAnsweredByTheOldOne()
    {
        using var gate = new ManualResetEventSlim();
        using var slow = ScriptedServer.Answering(_ =>
        {
            gate.Wait();
            return "+old\r\n";
        });
        using var proxy = ProxyProcess.Start(ProxyFile.Of([slow.Address]));
        using var client = proxy.Connect();
        client.SendCommand("GET", "where");
        Eventually.True(() => slow.Requests.Count == 1, "the request is in flight");

        proxy.Reload(proxy.File with { Pools = [proxy.File.Pools[0] with { Servers = [_new.Address] }] });
        Eventually.Equal(
            () =>
            {
                using var probe = proxy.Connect();
                probe.ReplyDeadline = TimeSpan.FromMilliseconds(500);
                return probe.Call("STRLEN", "where");
            },
            ":3\r\n",
            "new requests go to the new server");
        gate.Set();

        Assert.That(client.ReadReply(), Is.EqualTo("+old\r\n"));
        Assert.That(client.Call("GET", "where"), Is.EqualTo("$3\r\nnew\r\n"));
    }

    [Test]
    public void NewPool_IsServed_AndRemovedPoolIsNot()
    {
        var added = new PoolText { Name = "added", Servers = [_new.Address] };
        var file = _proxy.File;
        _proxy.Reload(file with { Pools = [.. file.Pools, added] });
        Eventually.Equal(() => CallTo("added"), "$3\r\nnew\r\n", "the new pool is served");

        _proxy.Reload(file);

        Eventually.True(
            () =>
            {
                try
                {
                    RespClient.Connect(added.EndPoint).Dispose();
                    return false;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return true;
                }
            },
            "the removed pool accepts nobody");
        Assert.That(_client.Call("GET", "where"), Is.EqualTo("$3\r\nold\r\n"));
    }

    [Test]
    public void OtherDistribution_IsUsed()
    {
        var servers = new[] { _old.Address, _new.Address };
        ProxyFile WithBound(string bound) =>
            With(pool => pool with { Servers = servers, Distribution = "range", Keys = [$"range: {{ by: bytes, bounds: [\"{bound}\"] }}"] });
        _proxy.Reload(WithBound("x"));
        Eventually.Equal(() => _client.Call("EXISTS", "z", "where"), ":1\r\n", "two servers are used");

        _proxy.Reload(WithBound("a"));

        Eventually.Equal(() => _client.Call("GET", "where"), "$3\r\nnew\r\n", "the bounds have moved");
    }

    [TestCase("pools: [this is no map]")]
    [TestCase("pools:\n  main:\n    listen: 127.0.0.1:1\n    no_such_key: 1\n    servers: [\"127.0.0.1:1:1\"]\n")]
    [TestCase("\t: not YAML at all: [")]
    [TestCase("")]
    public void BadFile_TheOldOneStays(string text)
    {
        File.WriteAllText(_proxy.ConfigPath, text);
        var before = _proxy.Process.Output.Length;

        _proxy.Process.Signal(UnixSignal.Hangup);

        Eventually.True(
            () => _proxy.Process.Output[before..].Contains("proxy.yaml", StringComparison.Ordinal),
            "the refusal is logged with the file");
        Assert.That(_client.Call("GET", "where"), Is.EqualTo("$3\r\nold\r\n"));
        Assert.That(_proxy.Call("GET", "where"), Is.EqualTo("$3\r\nold\r\n"));
    }

    [Test]
    public void BadFileThenGoodOne_IsLoaded()
    {
        var file = With(pool => pool with { Servers = [_new.Address] });
        File.WriteAllText(_proxy.ConfigPath, "pools: 3");
        _proxy.Process.Signal(UnixSignal.Hangup);

        _proxy.Reload(file);

        Eventually.Equal(() => _client.Call("GET", "where"), "$3\r\nnew\r\n", "the good file is used");
    }

    [Test]
    public void TakenListenAddress_TheOldConfigurationStays()
    {
        using var taken = ScriptedServer.Start(connection => connection.Stall());
        var before = _proxy.Process.Output.Length;

        _proxy.Reload(With(pool => pool with { Listen = taken.Address, Servers = [_new.Address] }));

        Eventually.True(() => _proxy.Process.Output[before..].Contains(taken.Address, StringComparison.Ordinal), "the refusal is logged");
        Assert.That(_client.Call("GET", "where"), Is.EqualTo("$3\r\nold\r\n"));
    }

    [Test]
    public void AddressThatLeadsToAnotherPool_ClosesWhoIsSubscribedInTheFormer()
    {
        var pool = _proxy.File.Pools[0];
        var other = new PoolText { Name = "other", Servers = [_new.Address] };
        _proxy.Reload(_proxy.File with { Pools = [pool, other] });
        Eventually.Equal(() => CallTo("other"), "$3\r\nnew\r\n", "the new pool is served");
        using var subscriber = _proxy.Connect();
        Assert.That(subscriber.Call("SUBSCRIBE", "c"), Is.EqualTo("*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n"));

        _proxy.Reload(_proxy.File with { Pools = [pool with { Listen = other.Listen }, other with { Listen = pool.Listen }] });

        Assert.That(subscriber.ReadToEnd(), Is.Empty);
        Assert.That(_client.Call("GET", "where"), Is.EqualTo("$3\r\nnew\r\n"));
    }

    [Test]
    public void ManyReloadsUnderLoad_NothingIsLost()
    {
        var good = _proxy.File;
        var reloads = new Thread(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                _proxy.Reload(good with { Pools = [good.Pools[0] with { Servers = i % 2 == 0 ? [_new.Address] : [_old.Address] }] });
                // Some load between two reloads.
                Eventually.LetTimePass(TimeSpan.FromMilliseconds(50));
            }
        });
        reloads.Start();
        while (reloads.IsAlive)
        {
            _client.Send([.. RespFrame.Request("GET", "where"), .. RespFrame.Request("ECHO", "x"), .. RespFrame.Request("GET", "where")]);
            Assert.That(_client.ReadReplies(3), Does.Match("^\\$3\r\n(old|new)\r\n\\$1\r\nx\r\n\\$3\r\n(old|new)\r\n$"));
        }
    }

    private string CallTo(string pool)
    {
        using var client = _proxy.ConnectTo(pool);
        return client.Call("GET", "where");
    }

    private ProxyFile With(Func<PoolText, PoolText> change) => _proxy.File with { Pools = [change(_proxy.File.Pools[0])] };
}
