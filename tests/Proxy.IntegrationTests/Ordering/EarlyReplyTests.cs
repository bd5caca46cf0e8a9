using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Ordering;

/// <summary>One server answers when it is told to, the other at once: early replies wait in their place.</summary>
[Category("Transport")]
public sealed class EarlyReplyTests
{
    private readonly ManualResetEventSlim _gate = new();
    private ScriptedServer _slow = null!;
    private ScriptedServer _fast = null!;
    private ProxyProcess _proxy = null!;
    private RespClient _client = null!;

    [SetUp]
    public void Start()
    {
        _gate.Reset();
        _slow = ScriptedServer.Answering(request =>
        {
            _gate.Wait();
            return $"+slow {request[^1]}\r\n";
        });
        _fast = ScriptedServer.Answering(request => $"+fast {request[^1]}\r\n");
        _proxy = ProxyProcess.Start(RedisTopology.File([_slow.Address, _fast.Address]));
        _client = _proxy.Connect();
    }

    [TearDown]
    public void End()
    {
        _gate.Set();
        _client.Dispose();
        _proxy?.Dispose();
        _slow.Dispose();
        _fast.Dispose();
    }

    [OneTimeTearDown]
    public void DisposeGate() => _gate.Dispose();

    [Test]
    public void SecondAnsweredFirst_OrderKept()
    {
        _client.Send([.. RespFrame.Request("GET", "key:1"), .. RespFrame.Request("GET", "key:1001"), .. RespFrame.Request("PING")]);
        Eventually.True(() => _fast.Requests.Count == 1, "the fast server has its request");

        _gate.Set();

        Assert.That(_client.ReadReplies(3), Is.EqualTo("+slow key:1\r\n+fast key:1001\r\n+PONG\r\n"));
    }

    [Test]
    public void EarlyReply_IsNotSentBeforeItsTurn()
    {
        using var other = _proxy.Connect();
        _client.Send([.. RespFrame.Request("GET", "key:1"), .. RespFrame.Request("GET", "key:1001")]);
        Eventually.True(() => _slow.Requests.Count == 1 && _fast.Requests.Count == 1, "both servers have their request");

        // A whole round trip through the fast server later the early reply has been with the proxy for long.
        Assert.That(other.Call("GET", "key:1002"), Is.EqualTo("+fast key:1002\r\n"));
        Assert.That(_client.ReadAvailable(), Is.Empty);

        _gate.Set();
        Assert.That(_client.ReadReplies(2), Is.EqualTo("+slow key:1\r\n+fast key:1001\r\n"));
    }

    [Test]
    public void QuitBehindASlowRequest_WaitsForIt()
    {
        _client.Send([.. RespFrame.Request("GET", "key:1"), .. RespFrame.Request("QUIT")]);
        Eventually.True(() => _slow.Requests.Count == 1, "the slow server has its request");

        _gate.Set();

        Assert.That(_client.ReadToEnd(), Is.EqualTo("+slow key:1\r\n+OK\r\n"));
    }

    [Test]
    public void HalfCloseBehindASlowRequest_WaitsForIt()
    {
        _client.SendCommand("GET", "key:1");
        _client.HalfClose();
        Eventually.True(() => _slow.Requests.Count == 1, "the slow server has its request");

        _gate.Set();

        Assert.That(_client.ReadToEnd(), Is.EqualTo("+slow key:1\r\n"));
    }

    [Test]
    public void OthersAreNotHeldUpByASlowServer()
    {
        using var other = _proxy.Connect();
        _client.SendCommand("GET", "key:1");
        Eventually.True(() => _slow.Requests.Count == 1, "the slow server has its request");

        Assert.That(other.Call("GET", "key:1001"), Is.EqualTo("+fast key:1001\r\n"));
    }
}
