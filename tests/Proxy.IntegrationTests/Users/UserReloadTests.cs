using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Users;

/// <summary>A reload changes users: who lost its login is closed, as by Redis at ACL DELUSER; what the others may do changes at once.</summary>
public sealed class UserReloadTests
{
    private const string Default = "default: { nopass: true }";

    private readonly TempFolder _folder = new();
    private RedisServer _server = null!;
    private ProxyProcess _proxy = null!;

    [OneTimeSetUp]
    public void StartRedis()
    {
        _server = RedisServer.Start();
        _server.Call("ACL", "SETUSER", "one", "on", ">1", ">2", "+@all", "~1*", "&*");
        _server.Call("ACL", "SETUSER", "two", "on", ">2", "+@all", "~2*", "&*");
    }

    [OneTimeTearDown]
    public void EndRedis()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [SetUp]
    public void StartProxy()
    {
        _server.Call("FLUSHALL");
        _proxy = ProxyProcess.Start(RedisTopology.File([_server.Address]) with { Keys = ["threads: 2"] });
    }

    [TearDown]
    public void EndProxy() => _proxy?.Dispose();

    [TestCase("app: { password: a }", "other: { password: a }", TestName = "{m}(removed)")]
    [TestCase("app: { password: a }", "app: { password: b }", TestName = "{m}(another password)")]
    [TestCase("app: { password: [a, b] }", "app: { password: b }", TestName = "{m}(its password taken away)")]
    [TestCase("app: { nopass: true }", "app: { password: a }", TestName = "{m}(a password where none was needed)")]
    public void LoginIsGone_ItsClientsAreClosedAndNoOthers(string before, string after)
    {
        Load(before, Default);
        using var client = LogIn("app", "a");
        using var blocked = LogIn("app", "a");
        using var other = _proxy.Connect();
        Assert.That(other.Call("PING"), Is.EqualTo("+PONG\r\n"));
        blocked.SendCommand("BLPOP", "l", "0");
        Eventually.Equal(() => Blocked(), 1, "clients blocked at the server");

        Load(after, Default);

        Assert.That(client.ReadToEnd(), Is.Empty);
        Assert.That(blocked.ReadToEnd(), Is.Empty);
        Eventually.Equal(() => Blocked(), 0, "clients blocked at the server");
        Assert.That(other.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [TestCase("app: { password: a }", "app: { password: [b, a] }", TestName = "{m}(one password more)")]
    [TestCase("app: { password: [b, a] }", "app: { password: a }", TestName = "{m}(another's password taken away)")]
    [TestCase("app: { password: a }", "app: { nopass: true }", TestName = "{m}(no password needed)")]
    [TestCase("app: { password: a }", "app: { password_hash: ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb }", TestName = "{m}(the same as a hash)")]
    public void LoginIsStillRight_ItsClientsStay(string before, string after)
    {
        Load(before, Default);
        using var client = LogIn("app", "a");

        Load($"{after[..^1]}, commands: [ping] }}", Default);

        Eventually.Equal(() => client.Call("GET", "k"), NoPermission("get"), "the new rules hold");
        Assert.That(client.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void PasswordFileWithAnotherPassword_IsReadAgain()
    {
        _folder.Write("secret", "old\n");
        var app = $"app: {{ password_file: {_folder["secret"]} }}";
        Load(app, Default);
        using var client = LogIn("app", "old");
        _folder.Write("secret", "new\n");

        Load(app, Default);

        Assert.That(client.ReadToEnd(), Is.Empty);
        using var again = LogIn("app", "new");
        Assert.That(again.Call("AUTH", "app", "old"), Does.StartWith("-WRONGPASS "));
    }

    [Test]
    public void OtherRights_HoldAtOnce()
    {
        Load("app: { password: a, keys: [\"a*\"] }", Default);
        using var client = LogIn("app", "a");
        Assert.That(client.Call("SET", "b", "1"), Is.EqualTo("-NOPERM this user has no permissions to access one of the keys used as arguments\r\n"));

        Load("app: { password: a, keys: [\"b*\"], commands: [\"+@all\", \"-get\"] }", Default);

        Eventually.Equal(() => client.Call("SET", "b", "1"), "+OK\r\n", "the new rules hold");
        Assert.That(client.Call("GET", "b"), Is.EqualTo(NoPermission("get")));
        Assert.That(client.Call("STRLEN", "a"), Does.StartWith("-NOPERM "));
    }

    [Test]
    public void RightsTakenBetweenQueueingAndExec_EveryOtherCommandRuns()
    {
        Load("app: { password: a }", Default);
        using var client = LogIn("app", "a");
        using var probe = LogIn("app", "a");
        foreach (var request in new[] { "MULTI", "SET a 1", "INCR b", "PING", "GET a", "DEL c" })
        {
            Assert.That(client.Call(request.Split(' ')), Is.AnyOf("+OK\r\n", "+QUEUED\r\n"));
        }

        Load("app: { password: a, keys: [a], commands: [\"+@all\", \"-get\", \"-ping\"] }", Default);
        Eventually.Equal(() => probe.Call("GET", "a"), NoPermission("get"), "the new rules hold");

        const string Changed = "-NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. "
            + "This command is no longer allowed for the following reason: ";
        const string NoCommand = $"{Changed}no permission to execute the command or subcommand\r\n";
        const string NoKey = $"{Changed}no permission to touch the specified keys\r\n";
        Assert.That(client.Call("EXEC"), Is.EqualTo($"*5\r\n+OK\r\n{NoKey}{NoCommand}{NoCommand}{NoKey}"));
        Assert.That(_server.Call("MGET", "a", "b"), Is.EqualTo("*2\r\n$1\r\n1\r\n$-1\r\n"));
    }

    [Test]
    public void RightsTakenOfExecItself_TheTransactionIsDiscarded()
    {
        Load("app: { password: a }", Default);
        using var client = LogIn("app", "a");
        client.Call("MULTI");
        client.Call("SET", "a", "1");

        Load("app: { password: a, commands: [\"+@all\", \"-exec\"] }", Default);
        using var probe = LogIn("app", "a");
        Eventually.True(() => probe.Call("EXEC").Contains("NOPERM", StringComparison.Ordinal), "the new rules hold");

        Assert.That(
            client.Call("EXEC"),
            Is.EqualTo("-EXECABORT Transaction discarded because of: NOPERM this user has no permissions to run the 'exec' command\r\n"));
        Assert.That(_server.Call("GET", "a"), Is.EqualTo("$-1\r\n"));
    }

    [TestCase("SUBSCRIBE", "a", true)]
    [TestCase("SUBSCRIBE", "b", false)]
    [TestCase("SSUBSCRIBE", "a", true)]
    [TestCase("PSUBSCRIBE", "a*", true)]
    [TestCase("PSUBSCRIBE", "b*", false)]
    [TestCase("PSUBSCRIBE", "bb*", true)]
    public void ChannelTakenAway_ItsSubscribersAreClosedAndNoOthers(string command, string channel, bool isClosed)
    {
        Load("app: { password: a }", Default);
        using var client = LogIn("app", "a");
        using var probe = LogIn("app", "a");
        client.Call(command, channel);

        Load("app: { password: a, commands: [\"+@all\", \"-get\"], channels: [\"b*\"] }", Default);

        Eventually.Equal(() => probe.Call("GET", "k"), NoPermission("get"), "the new rules hold");
        if (isClosed)
        {
            Assert.That(client.ReadToEnd(), Is.Empty);
        }
        else
        {
            Assert.That(client.Call("PING"), Is.EqualTo("*2\r\n$4\r\npong\r\n$0\r\n\r\n"));
        }
    }

    [Test]
    public void OtherServerUser_RequestsRunAsThat()
    {
        Load("app: { password: a, server_user: one, server_password: 1 }", Default);
        using var client = LogIn("app", "a");
        using var blocked = LogIn("app", "a");
        Assert.That(client.Call("SET", "1", "x"), Is.EqualTo("+OK\r\n"));
        Assert.That(client.Call("SET", "2", "x"), Does.StartWith("-NOPERM "));
        blocked.SendCommand("BLPOP", "1:l", "0");
        Eventually.Equal(() => Blocked(), 1, "clients blocked at the server");

        Load("app: { password: a, server_user: two, server_password: 2 }", Default);

        Eventually.Equal(() => client.Call("SET", "2", "x"), "+OK\r\n", "it is somebody else at the server");
        Assert.That(client.Call("SET", "1", "x"), Does.StartWith("-NOPERM "));
        _server.Call("RPUSH", "1:l", "x");
        Assert.That(blocked.ReadReply(), Is.EqualTo("*2\r\n$3\r\n1:l\r\n$1\r\nx\r\n"));
        Assert.That(blocked.Call("SET", "2", "y"), Is.EqualTo("+OK\r\n"));
    }

    [Test]
    public void OtherPasswordOfTheServerUser_IsUsed()
    {
        Load("app: { password: a, server_user: one, server_password: 1 }", Default);
        using var client = LogIn("app", "a");
        Assert.That(client.Call("SET", "1", "x"), Is.EqualTo("+OK\r\n"));
        _server.Call("ACL", "SETUSER", "one", "<1");

        Load("app: { password: a, server_user: one, server_password: 2 }", Default);
        _server.Call("CLIENT", "KILL", "USER", "one");

        Eventually.Equal(() => client.Call("SET", "1", "y"), "+OK\r\n", "the new password is used");
        _server.Call("ACL", "SETUSER", "one", ">1");
    }

    [Test]
    public void DefaultUserThatNeedsNoPasswordAnyMore_WhoWaitedMayGoOn()
    {
        Load("default: { password: a }");
        using var client = Eventually.Get(
            () =>
            {
                var one = _proxy.Connect();
                if (one.Call("PING").StartsWith("-NOAUTH ", StringComparison.Ordinal))
                {
                    return one;
                }

                one.Dispose();
                return null;
            },
            "a password is needed");

        Load(Default);

        Eventually.Equal(() => client.Call("PING"), "+PONG\r\n", "the new rules hold");
    }

    [Test]
    public void UsersAddedAndTakenAway_WhoIsTheDefaultUserStays()
    {
        using var client = _proxy.Connect();
        client.Call("PING");

        Load(Default, "app: { password: a }");
        using var app = LogIn("app", "a");
        Assert.That(client.Call("ACL", "WHOAMI"), Is.EqualTo("$7\r\ndefault\r\n"));
        _proxy.Reload(_proxy.File with { Pools = [_proxy.File.Pools[0] with { Keys = [] }] });

        Assert.That(app.ReadToEnd(), Is.Empty);
        Assert.That(client.Call("ACL", "WHOAMI"), Is.EqualTo("$7\r\ndefault\r\n"));
    }

    [Test]
    public void UsersTakenAwayWhereAPasswordIsLeft_OnlyWhoGaveItStays()
    {
        Load("default: { nopass: true, commands: [ping] }", "app: { password: a }");
        using var app = LogIn("app", "a");
        using var guest = _proxy.Connect();
        Assert.That(guest.Call("GET", "k"), Is.EqualTo(NoPermission("get")));
        _proxy.Reload(_proxy.File with { Pools = [_proxy.File.Pools[0] with { Keys = ["redis_auth: secret"] }] });
        Assert.That(guest.ReadToEnd(), Is.Empty);

        Load("default: { password: [secret, other] }");
        using var knowsAnother = LogIn("default", "other");
        using var knows = LogIn("default", "secret");
        _proxy.Reload(_proxy.File with { Pools = [_proxy.File.Pools[0] with { Keys = ["redis_auth: secret"] }] });

        Assert.That(knowsAnother.ReadToEnd(), Is.Empty);
        Assert.That(knows.Call("PING"), Is.EqualTo("+PONG\r\n"));
    }

    [Test]
    public void ReloadThatChangesNoUser_ClosesNobody()
    {
        Load("app: { password: a }", Default);
        using var client = LogIn("app", "a");

        Load("app: { password: a }", Default, "other: { nopass: true }");
        using var other = LogIn("other", "x");

        Assert.That(client.Call("ACL", "WHOAMI"), Is.EqualTo("$3\r\napp\r\n"));
    }

    private static string NoPermission(string command) => $"-NOPERM this user has no permissions to run the '{command}' command\r\n";

    private void Load(params string[] users)
    {
        string[] keys = ["hash_tag: \"{}\"", "users:", .. users.Select(user => $"  {user}")];
        _proxy.Reload(_proxy.File with { Pools = [_proxy.File.Pools[0] with { Keys = keys }] });
    }

    /// <summary>A client of that user, as soon as there is one.</summary>
    private RespClient LogIn(string user, string password) => Eventually.Get(
        () =>
        {
            var client = _proxy.Connect();
            if (client.Call("AUTH", user, password) == "+OK\r\n" && client.Call("ACL", "WHOAMI") == RespFrame.Bulk(user))
            {
                return client;
            }

            client.Dispose();
            return null;
        },
        $"{user} may log in");

    private int Blocked() =>
        int.Parse(_server.Call("INFO", "clients").Split("\r\n").Single(line => line.StartsWith("blocked_clients:", StringComparison.Ordinal)).Split(':')[1]);
}
