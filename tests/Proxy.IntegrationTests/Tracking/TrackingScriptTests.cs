using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Tracking;

/// <summary>
/// Scripts of several clients with the proxy before one server, and with a plain Redis: each client gets the same replies and invalidations,
/// in the same order, byte for byte, at every step. Client 5 is connected to the server itself.
/// </summary>
public abstract partial class TrackingScriptTests(string processKey)
{
    private const int ClientCount = 4;

    private RedisServer _plain = null!;
    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _plain = RedisServer.Start();
        _server = RedisServer.Start();
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address]) with { Keys = [processKey] });
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy?.Dispose();
        _server?.Dispose();
        _plain?.Dispose();
    }

    [TearDown]
    public void NoConnectionIsLeftTracking()
    {
        Eventually.True(
            () => !Tracking().IsMatch(_server.Call("CLIENT", "LIST")), "closed");
    }

    protected void Check(string script)
    {
        _plain.Call("FLUSHALL");
        _server.Call("FLUSHALL");
        using var plain = new Group(_plain.Connect, _plain.Connect());
        using var proxied = new Group(_proxy.Connect, _server.Connect());

        var expected = TrackingConversation.Hold(plain.Clients, script);
        var heard = TrackingConversation.Repeat(proxied.Clients, script, expected);

        expected.Add([.. plain.Clients.Select(_ => new List<string>())]);
        Assert.That(TrackingConversation.Text(heard, script).Split('\n'), Is.EqualTo(TrackingConversation.Text(expected, script).Split('\n')));
    }

    [GeneratedRegex(" flags=[^ ]*t")]
    private static partial Regex Tracking();

    private sealed class Group(Func<RespClient> connect, RespClient direct) : IDisposable
    {
        public List<RespClient> Clients { get; } = [.. Enumerable.Range(0, ClientCount).Select(_ => connect()), direct];

        public void Dispose() => Clients.ForEach(client => client.Dispose());
    }
}
