using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.LocalCommands;

/// <summary>A pool with <c>redis_auth</c>: clients log in at the proxy, the proxy at the servers; <c>redis_db</c> beside it.</summary>
public sealed class PasswordTests
{
    private const string NoAuth = "-NOAUTH Authentication required.\r\n";
    private const string WrongPass = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";

    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;
    private RespClient _client = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start("--requirepass", "sesame");
        _proxy = ProxyProcess.Start(ProxyFile.Of([_server.Address], "redis_auth: sesame", "redis_db: 3"));
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy?.Dispose();
        _server.Dispose();
    }

    [SetUp]
    public void Connect() => _client = _proxy.Connect();

    [TearDown]
    public void Close() => _client.Dispose();

    [TestCase("GET a")]
    [TestCase("PING")]
    [TestCase("ECHO x")]
    [TestCase("COMMAND COUNT")]
    [TestCase("CLIENT ID")]
    [TestCase("SELECT 0")]
    public void BeforeLogin_NothingIsDone(string command) => Assert.That(_client.Call(command.Split(' ')), Is.EqualTo(NoAuth));

    [TestCase("GET a")]
    [TestCase("NOSUCH x")]
    [TestCase("GET")]
    [TestCase("HELLO 2")]
    [TestCase("HELLO 4")]
    [TestCase("RESET")]
    [TestCase("QUIT")]
    [TestCase("AUTH wrong")]
    [TestCase("AUTH default wrong")]
    [TestCase("AUTH other sesame")]
    [TestCase("AUTH a b c")]
    [TestCase("AUTH")]
    [TestCase("HELLO 2 AUTH default wrong")]
    [TestCase("AUTH sesame")]
    [TestCase("AUTH default sesame")]
    public void BeforeLogin_AnswersAreThoseOfARedisWithAPassword(string command)
    {
        using var plain = RespClient.Connect(_server.EndPoint);

        Assert.That(_client.Call(command.Split(' ')), Is.EqualTo(plain.Call(command.Split(' '))));
    }

    [TestCase("*11\r\n", "-ERR Protocol error: unauthenticated multibulk length\r\n")]
    [TestCase("*2\r\n$20000\r\n", "-ERR Protocol error: unauthenticated bulk length\r\n")]
    public void BeforeLogin_LargeRequestsAreRefused(string request, string reply)
    {
        _client.Send(request);

        Assert.That(_client.ReadToEnd(), Is.EqualTo(reply));
    }

    [TestCase("AUTH sesame")]
    [TestCase("AUTH default sesame")]
    public void AfterLogin_RequestsAreServed(string login)
    {
        Assert.That(_client.Call(login.Split(' ')), Is.EqualTo("+OK\r\n"));

        Assert.That(_client.Call("SET", "a", "1"), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void HelloWithAuth_LogsIn()
    {
        Assert.That(_client.Call("HELLO", "2", "AUTH", "default", "sesame"), Does.StartWith("*14\r\n"));

        Assert.That(_client.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void Reset_LogsOut()
    {
        _client.Call("AUTH", "sesame");

        Assert.That(_client.Call("RESET"), Is.EqualTo("+RESET\r\n"));

        Assert.That(_client.Call("PING"), Is.EqualTo(NoAuth));
    }

    [Test]
    public void WrongPasswordAfterLogin_KeepsTheLogin()
    {
        _client.Call("AUTH", "sesame");

        Assert.That(_client.Call("AUTH", "wrong"), Is.EqualTo(WrongPass));

        Assert.That(_client.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void Database_IsTheConfiguredOne()
    {
        _client.Call("AUTH", "sesame");
        _client.Call("SET", "in database", "three");
        using var plain = _server.Connect();

        Assert.That(plain.Call("GET", "in database"), Is.EqualTo("$-1\r\n"));
        plain.Call("SELECT", "3");
        Assert.That(plain.Call("GET", "in database"), Is.EqualTo("$5\r\nthree\r\n"));
    }
}
