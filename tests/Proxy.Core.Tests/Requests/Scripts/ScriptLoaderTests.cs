using System.Text;
using DotNetty.Transport.Channels.Embedded;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Core.Tests.Requests.Scripts;

/// <summary>EVALSHA of scripts that were loaded through the proxy, over connections to servers that may not have them.</summary>
public sealed class ScriptLoaderTests
{
    private const string Digest = "e0e1f9fabfc9d4800c877a703b823ac0578ff8db";
    private const string NoScript = "-NOSCRIPT No matching script. Please use EVAL.\r\n";

    private static readonly string Loaded = RespFrame.Bulk(Digest);
    private static readonly string Load = Text("SCRIPT", "LOAD", "return 1");
    private static readonly string Call = Text("EVALSHA", Digest, "1", "k");

    private TestConnector _connector = null!;
    private TestPool _pool = null!;
    private TestClient _client = null!;
    private EmbeddedChannel? _server;

    [SetUp]
    public void Open()
    {
        _server = null;
        _connector = new TestConnector();
        _pool = new TestPool(Pools.Model("a"), connector: _connector);
        _client = new TestClient(_pool);
    }

    [TearDown]
    public void NothingIsLeft() => _client.Leave();

    [Test]
    public void ScriptThatNobodyLoaded_IsJustCalled()
    {
        var server = Request($"EVALSHA {Digest} 1 k");

        Assert.That(TestConnector.Sent(server), Is.EqualTo(Call));
    }

    [Test]
    public void KeptScript_IsLoadedOnceBeforeItsFirstCall()
    {
        Keep();
        var server = Request($"EVALSHA {Digest} 1 k");
        Request($"EVALSHA {Digest.ToUpperInvariant()} 1 k");

        Assert.That(TestConnector.Sent(server), Is.EqualTo(Load + Call + Text("EVALSHA", Digest.ToUpperInvariant(), "1", "k")));
        TestConnector.Send(server, Loaded + ":1\r\n:2\r\n");
        Assert.That(_client.TakeSent(), Is.EqualTo(":1\r\n:2\r\n"));
    }

    [Test]
    public void CallWithoutKeys_IsPrecededByItToo()
    {
        Keep();

        var server = Request($"EVALSHA_RO {Digest} 0");

        Assert.That(TestConnector.Sent(server), Is.EqualTo(Load + Text("EVALSHA_RO", Digest, "0")));
    }

    [Test]
    public void NextSocket_IsLoadedItAnew()
    {
        Keep();
        var first = Request($"EVALSHA {Digest} 1 k");
        TestConnector.Send(first, Loaded + ":1\r\n");

        first.CloseAsync();
        _pool.RunAll();
        _client.Request($"EVALSHA {Digest} 1 k");
        var second = _connector.AcceptShared(1);
        _pool.RunAll();

        Assert.That(TestConnector.Sent(second), Is.EqualTo(Load + Call));
    }

    [TestCase("-OOM no\r\n:1\r\n")]
    [TestCase("$40\r\ne0e1f9fabfc9d4800c877a703b823ac0578ff8db\r\n-NOSCRIPT No matching script. Please use EVAL.\r\n")]
    public void ServerThatDoesNotHaveItAfterAll_IsLoadedItAgain(string replies)
    {
        Keep();
        var server = Request($"EVALSHA {Digest} 1 k");
        TestConnector.Sent(server);
        TestConnector.Send(server, replies);

        Request($"EVALSHA {Digest} 1 k");

        Assert.That(TestConnector.Sent(server), Is.EqualTo(Load + Call));
    }

    [Test]
    public void NoScriptOfAScriptThatIsNotKept_PassesThrough()
    {
        var server = Request($"EVALSHA {Digest} 1 k");

        TestConnector.Send(server, NoScript);

        Assert.That(_client.TakeSent(), Is.EqualTo(NoScript));
    }

    [Test]
    public void Transaction_IsPrecededByEachScriptOnce()
    {
        Keep();
        var server = OpenTransaction();
        Request($"EVALSHA {Digest} 1 k");
        Request($"EVALSHA {Digest} 1 k");
        Request("EXEC");

        Assert.That(TestConnector.Sent(server), Is.EqualTo(Load + Text("MULTI") + Call + Call + Text("EXEC")));
        TestConnector.Send(server, Loaded + "+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n:2\r\n");
        Assert.That(_client.TakeSent(), Does.EndWith("*2\r\n:1\r\n:2\r\n"));
    }

    [Test]
    public void NoScriptInATransaction_HasItLoadedAgain()
    {
        Keep();
        var server = OpenTransaction();
        Request($"EVALSHA {Digest} 1 k");
        Request("EXEC");
        TestConnector.Send(server, $"{Loaded}+OK\r\n+QUEUED\r\n*1\r\n{NoScript}");
        TestConnector.Sent(server);

        Request($"EVALSHA {Digest} 1 k");

        Assert.That(TestConnector.Sent(server), Is.EqualTo(Load + Call));
    }

    [Test]
    public void FlushInATransaction_EmptiesTheLibrary()
    {
        Keep();
        var server = OpenTransaction();
        Request("SCRIPT FLUSH");
        Request("EXEC");
        TestConnector.Sent(server);

        Request($"EVALSHA {Digest} 1 k");

        Assert.That(TestConnector.Sent(server), Is.EqualTo(Call));
    }

    [Test]
    public void LoadThroughTheProxy_IsKept()
    {
        _client.Request("SCRIPT LOAD x");
        var server = _connector.AcceptShared(0);
        _pool.RunAll();
        Assert.That(_pool.Pool.Scripts.Bytes, Is.Zero);

        TestConnector.Send(server, RespFrame.Bulk(new string('0', 40)));

        Assert.That(_client.TakeSent(), Is.EqualTo(RespFrame.Bulk(new string('0', 40))));
        Assert.That(_pool.Pool.Scripts.Bytes, Is.Positive);
    }

    [Test]
    public void LoadThatTheServerRefuses_IsNotKept()
    {
        _client.Request("SCRIPT LOAD x");
        var server = _connector.AcceptShared(0);
        _pool.RunAll();

        TestConnector.Send(server, "-ERR Error compiling script\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("-ERR Error compiling script\r\n"));
        Assert.That(_pool.Pool.Scripts.Bytes, Is.Zero);
    }

    [Test]
    public void FlushBehindALoad_LeavesNothingKept()
    {
        _client.Request("SCRIPT LOAD x");
        var server = Request("SCRIPT FLUSH");

        TestConnector.Send(server, RespFrame.Bulk(new string('0', 40)) + "+OK\r\n");

        Assert.That(_pool.Pool.Scripts.Bytes, Is.Zero);
    }

    [TestCase("SCRIPT FLUSH", 0)]
    [TestCase("SCRIPT FLUSH async", 0)]
    [TestCase("SCRIPT FLUSH SYNC", 0)]
    [TestCase("SCRIPT FLUSH x", 1)]
    [TestCase("SCRIPT FLUSH SYNC ASYNC", 1)]
    public void Flush_EmptiesTheLibraryUnlessAServerRefusesIt(string request, int kept)
    {
        Keep();

        _client.Request(request);

        Assert.That(_pool.Pool.Scripts.Bytes > 0 ? 1 : 0, Is.EqualTo(kept));
    }

    [Test]
    public void Exists_IsOneOfAScriptThatIsKept()
    {
        Keep();
        var server = Request($"SCRIPT EXISTS x {Digest}");

        TestConnector.Send(server, "*2\r\n:0\r\n:0\r\n");

        Assert.That(_client.TakeSent(), Is.EqualTo("*2\r\n:0\r\n:1\r\n"));
    }

    private static string Text(params string[] words) => Encoding.Latin1.GetString(RespFrame.Request(words));

    private void Keep()
    {
        var library = _pool.Pool.Scripts;
        library.Keep(library.Prepare("return 1"u8)!, nowMs: 1);
    }

    /// <summary>Sends a request, and lets the connection that it needs be opened the first time.</summary>
    private EmbeddedChannel Request(string words)
    {
        Assert.That(_client.Request(words), Is.True);
        _server ??= _connector.Attempts == 0 ? null : _connector.AcceptShared(0);
        _pool.RunAll();
        return _server!;
    }

    /// <summary>A transaction on a connection that is known to take some.</summary>
    private EmbeddedChannel OpenTransaction()
    {
        var server = Request("GET warm");
        TestConnector.Send(server, "$-1\r\n");
        Request("MULTI");
        Request("GET warm");
        _client.Request("EXEC");
        _pool.RunAll();
        TestConnector.Send(server, "+OK\r\n*0\r\n-ERR DISCARD without MULTI\r\n");
        Request("EXEC");
        TestConnector.Send(server, "+OK\r\n+QUEUED\r\n*1\r\n$-1\r\n");
        TestConnector.Sent(server);
        _client.TakeSent();
        Request("MULTI");
        return server;
    }
}
