using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Proxy.Core.Model;
using Proxy.Host.Statistics;
using Proxy.Testing;

namespace Proxy.Host.Tests.Statistics;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StatsServerTests : IAsyncDisposable
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);

    private readonly AddressModel _address = Addresses.FreeLoopback();
    private readonly List<StatsServer> _servers = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    [Test]
    public void Client_GetsTheDocumentAndTheEnd()
    {
        Start("{\"a\":1}\n"u8.ToArray(), Patient);

        Assert.That(ReadAll(Connect()), Is.EqualTo("{\"a\":1}\n"));
    }

    [Test]
    public void EveryClient_GetsADocumentOfItsOwnMoment()
    {
        var asked = 0;
        _servers.Add(StatsServer.Start(_address, () => Encoding.ASCII.GetBytes($"{Interlocked.Increment(ref asked)}\n"), Patient, NullLogger.Instance));

        Assert.That((ReadAll(Connect()), ReadAll(Connect())), Is.EqualTo(("1\n", "2\n")));
    }

    [Test]
    public void ClientThatSendsARequest_GetsTheDocumentAllTheSame()
    {
        Start("{}\n"u8.ToArray(), Patient);
        using var client = Connect();

        client.Send(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n" + new string('x', 10_000)));

        Assert.That(ReadAll(client), Is.EqualTo("{}\n"));
    }

    [Test]
    public void ClientThatDoesNotRead_HoldsUpNobodyElse()
    {
        Start(new byte[64 << 20], Patient);
        using var stuck = Connect();
        using var other = Connect();

        Assert.That(other.Receive(new byte[1000]), Is.Positive);
    }

    [Test]
    public void ClientThatDoesNotRead_IsClosedInTheEnd()
    {
        Start(new byte[64 << 20], TimeSpan.FromMilliseconds(50));
        using var stuck = Connect();

        Eventually.True(() => stuck.Poll(0, SelectMode.SelectError) || IsCut(stuck), "the connection is cut");
    }

    [Test]
    public void ClientThatResets_LeavesTheNextOneServed()
    {
        Start(new byte[1 << 20], Patient);
        for (var i = 0; i < 20; i++)
        {
            var client = Connect();
            client.LingerState = new LingerOption(true, 0);
            client.Send("\0\xff garbage"u8);
            client.Dispose();
        }

        Assert.That(ReadAll(Connect()), Has.Length.EqualTo(1 << 20));
    }

    [Test]
    public void ManyClientsThatNeverLeave_MakeRoomAgain()
    {
        Start("{}\n"u8.ToArray(), Patient);
        var staying = Enumerable.Range(0, StatsServer.MaxClients).Select(_ => Connect()).ToList();

        Eventually.True(() => ReadAll(Connect()) == "{}\n", "a client that comes after them is served");

        staying.ForEach(client => client.Dispose());
    }

    [Test]
    public void DocumentThatFails_LeavesTheNextClientServed()
    {
        var asked = 0;
        _servers.Add(StatsServer.Start(
            _address, () => Interlocked.Increment(ref asked) == 1 ? throw new InvalidOperationException("first") : "{}\n"u8.ToArray(), Patient, NullLogger.Instance));

        Assert.That((ReadAll(Connect()), ReadAll(Connect())), Is.EqualTo(("", "{}\n")));
    }

    [Test]
    public void TakenAddress_FailsTheStart()
    {
        Start("{}\n"u8.ToArray(), Patient);

        Assert.That(() => Start("{}\n"u8.ToArray(), Patient), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task DisposedServer_LeavesTheAddressFree()
    {
        Start("{}\n"u8.ToArray(), Patient);
        using var open = Connect();

        await _servers[0].DisposeAsync();
        _servers.Clear();

        Assert.That(() => Start("{}\n"u8.ToArray(), Patient), Throws.Nothing);
    }

    [Test]
    public void UnixSocket_ServesTheDocument()
    {
        using var folder = new TempFolder();
        var address = Addresses.Unix(folder["stats.sock"]);
        _servers.Add(StatsServer.Start(address, () => "{}\n"u8.ToArray(), Patient, NullLogger.Instance));
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(address.EndPoint);

        Assert.That(ReadAll(client), Is.EqualTo("{}\n"));
    }

    [Test]
    public void UnixSocketLeftBehind_IsReplaced()
    {
        using var folder = new TempFolder();
        var address = Addresses.Unix(folder["stats.sock"]);
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(address.EndPoint);
            File.Move(folder["stats.sock"], folder["kept"]);
        }

        File.Move(folder["kept"], folder["stats.sock"]);

        Assert.That(() => _servers.Add(StatsServer.Start(address, () => [], Patient, NullLogger.Instance)), Throws.Nothing);
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    public void UnixSocketWithMode_HasThatMode()
    {
        using var folder = new TempFolder();
        var address = Addresses.Unix(folder["stats.sock"], UnixFileMode.UserRead | UnixFileMode.UserWrite);

        _servers.Add(StatsServer.Start(address, () => [], Patient, NullLogger.Instance));

        Assert.That(File.GetUnixFileMode(folder["stats.sock"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private void Start(byte[] document, TimeSpan clientTimeout) =>
        _servers.Add(StatsServer.Start(_address, () => document, clientTimeout, NullLogger.Instance));

    private Socket Connect()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 15_000, SendTimeout = 15_000 };
        client.Connect((IPEndPoint)_address.EndPoint);
        return client;
    }

    private static string ReadAll(Socket client)
    {
        using var stream = new NetworkStream(client, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            return reader.ReadToEnd();
        }
        catch (IOException)
        {
            // Turned away.
            return "";
        }
    }

    private static bool IsCut(Socket client)
    {
        try
        {
            return client.Send("x"u8) < 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
