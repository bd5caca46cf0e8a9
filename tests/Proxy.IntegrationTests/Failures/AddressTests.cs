using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Failures;

/// <summary>Host names, IPv6 and Unix sockets, towards servers and towards clients.</summary>
[Category("Transport")]
public sealed class AddressTests
{
    [Test]
    public void HostName_IsResolved()
    {
        using var server = RedisServer.Start();

        Serves($"localhost:{server.Port}");
    }

    [TestCase("::1:{0}")]
    [TestCase("[::1]:{0}")]
    public void ServerOnIPv6_IsServed(string form)
    {
        using var server = RedisServer.StartOn(IPAddress.IPv6Loopback);

        Serves(string.Format(null, form, server.Port));
    }

    [Test]
    public void ServerOnUnixSocket_IsServed()
    {
        using var server = RedisServer.StartOnUnixSocket();

        Serves(server.Address);
    }

    [Test]
    public void ListenAndServerOnUnixSockets_AreServed()
    {
        using var server = RedisServer.StartOnUnixSocket();
        using var folder = new TempFolder();

        Serves(new PoolText { Servers = [server.Address], Listen = folder["proxy.sock"] });
    }

    [Test]
    public void ServerOnUnixSocket_ThatComesBack_IsServedAgain()
    {
        using var server = RedisServer.StartOnUnixSocket();
        using var proxy = ProxyProcess.Start(ProxyFile.Of([server.Address]));
        Assert.That(proxy.Call("SET", "a", "1"), Is.EqualTo("+OK\r\n"));
        server.Kill();
        Assert.That(proxy.Call("GET", "a"), Does.StartWith("-ERR "));

        server.Restart();

        Eventually.Equal(() => proxy.Call("GET", "a"), "$-1\r\n", "the server is used again");
    }

    [TestCase("::1:{0}")]
    [TestCase("[::1]:{0}")]
    public void ListenOnIPv6_IsServed(string form)
    {
        using var server = RedisServer.Start();

        Serves(new PoolText { Servers = [server.Address], Listen = string.Format(null, form, FreePort.Next()) });
    }

    [Test]
    public void ListenOnUnixSocket_HasTheMode_AndGoesAwayWithTheProxy()
    {
        using var server = RedisServer.Start();
        using var folder = new TempFolder();
        var path = folder["proxy.sock"];

        var pool = new PoolText { Servers = [server.Address], Listen = $"{path} 0600" };
        using (var proxy = ProxyProcess.Start(new ProxyFile { Pools = [pool] }))
        {
            Assert.That(proxy.Call("SET", "a", "1"), Is.EqualTo("+OK\r\n"));
            Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            proxy.Terminate();
            Assert.That(proxy.WaitForExit(), Is.Zero);
        }

        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void ListenOnUnixSocket_LeftByAProxyThatWasKilled_IsTakenOver()
    {
        using var server = RedisServer.Start();
        using var folder = new TempFolder();

        IsTakenOver(new PoolText { Servers = [server.Address], Listen = folder["proxy.sock"] });
    }

    [Test]
    public void ListenOnTcp_OfAProxyThatWasKilled_IsTakenOver()
    {
        using var server = RedisServer.Start();

        IsTakenOver(new PoolText { Servers = [server.Address], Listen = $"127.0.0.1:{FreePort.Next()}" });
    }

    private static void IsTakenOver(PoolText pool)
    {
        var file = new ProxyFile { Pools = [pool] };
        using (var killed = ProxyProcess.Start(file))
        {
            // One that is connected: its connection, too, keeps the address for a while.
            using var client = killed.Connect();
            Assert.That(client.Call("PING"), Is.EqualTo("+PONG\r\n"));
            killed.Process.Kill();
            Assert.That(killed.WaitForExit(), Is.Not.Zero);
        }

        // With io_uring the system takes the listener of a killed process back a moment after the process: who connects until then is cut off.
        using var proxy = ProxyProcess.Start(file);
        Eventually.True(() => Answers(proxy), "the new proxy has the address");
    }

    private static bool Answers(ProxyProcess proxy)
    {
        try
        {
            return proxy.Call("PING") == "+PONG\r\n";
        }
        catch (IOException)
        {
            return false;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Serves(string serverAddress) => Serves(new PoolText { Servers = [serverAddress] });

    private static void Serves(PoolText pool)
    {
        using var proxy = ProxyProcess.Start(new ProxyFile { Pools = [pool] });

        Assert.That(proxy.Call("SET", "a", "1"), Is.EqualTo("+OK\r\n"));
        Assert.That(proxy.Call("GET", "a"), Is.EqualTo("$1\r\n1\r\n"));
        PassesLargeValuesAndPipelines(proxy);
    }

    private static void PassesLargeValuesAndPipelines(ProxyProcess proxy)
    {
        // More than the buffers of a socket of any kind hold.
        var large = new string('x', 2_000_000);
        using var client = proxy.Connect();
        Assert.That(client.Call("SET", "large", large), Is.EqualTo("+OK\r\n"));
        Assert.That(client.Call("GET", "large") == RespFrame.Bulk(large), "the large value comes back as it was");

        for (var i = 0; i < 1000; i++)
        {
            client.SendCommand("GET", "a");
        }

        client.HalfClose();
        Assert.That(client.ReadToEnd(), Is.EqualTo(string.Concat(Enumerable.Repeat("$1\r\n1\r\n", 1000))));
    }
}
