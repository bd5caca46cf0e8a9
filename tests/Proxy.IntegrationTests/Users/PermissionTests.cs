using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Users;

/// <summary>
/// Every command of Redis by every user: the proxy refuses what a Redis with the same user by ACL would (ACL DRYRUN), in its words, and
/// nothing else.
/// </summary>
public sealed class PermissionTests
{
    // Where arguments of `1` would not get as far as the keys, or would have none.
    private static readonly Dictionary<string, string> Arguments = new()
    {
        ["xread"] = "STREAMS 1 1",
        ["xreadgroup"] = "GROUP 1 1 STREAMS 1 >",
        ["sort"] = "1 STORE 1",
        ["georadius"] = "1 1 1 1 km STORE 1",
        ["georadiusbymember"] = "1 1 1 km STOREDIST 1",
        ["mset"] = "1 1",
        ["msetnx"] = "1 1",
        ["lmpop"] = "1 1 LEFT",
        ["zmpop"] = "1 1 MIN",
        ["blmpop"] = "1 1 1 LEFT",
        ["bzmpop"] = "1 1 1 MIN",
        ["bitop"] = "NOT 1 1",

        // With nothing to merge Redis finds no key and looks at none, though it creates the destination; the proxy does look.
        ["pfmerge"] = "1 1",
    };

    // What would close, block or change the connection of who may send it. A user that may not is refused all the same.
    private static readonly HashSet<string> Disturbing =
    [
        "auth", "hello", "quit", "reset", "multi", "exec", "discard", "watch", "monitor", "subscribe", "psubscribe", "ssubscribe", "unsubscribe",
        "punsubscribe", "sunsubscribe", "wait", "client|reply", "client|kill", "client|pause", "blpop", "brpop", "brpoplpush", "blmove", "blmpop",
        "bzpopmin", "bzpopmax", "bzmpop",
    ];

    private static readonly Dictionary<string, (string Proxy, string Redis)> Users = new()
    {
        ["everything"] = ("nopass: true", "+@all ~* &*"),
        ["nothing"] = ("nopass: true, commands: [\"-@all\"]", "-@all ~* &*"),
        ["reader"] = ("nopass: true, commands: [\"+@read\", \"+@connection\"]", "+@read +@connection ~* &*"),
        ["careful"] = ("nopass: true, commands: [\"+@all\", \"-@dangerous\", \"-@slow\", \"+client\", \"-client|kill\"]", "+@all -@dangerous -@slow +client -client|kill ~* &*"),
        ["single"] = ("nopass: true, commands: [get, \"config|get\", \"+@hash\", \"-hset\", \"+client|list\", \"+memory\"]", "+get +config|get +@hash -hset +client|list +memory ~* &*"),
        ["unchanging"] = ("nopass: true, read_only: true", "+@all -@write -eval -evalsha -fcall ~* &*"),
        ["elsewhere"] = ("nopass: true, keys: [\"2*\"], channels: [\"2*\"]", "+@all ~2* &2*"),
        ["reads"] = ("nopass: true, keys: [\"%R~*\"], channels: []", "+@all %R~* resetchannels"),
        ["writes"] = ("nopass: true, keys: [\"%W~1\", \"%R~2\"], channels: [\"1\"]", "+@all %W~1 %R~2 &1"),
        ["either"] = ("nopass: true, keys: [\"%R~1\", \"%W~1\"], channels: [\"?\"]", "+@all %R~1 %W~1 &?"),
    };

    private RedisServer _server = null!;
    private RedisServer _plain = null!;
    private ProxyProcess _proxy = null!;
    private (string Name, string[] Request)[] _requests = [];

    private static IEnumerable<string> UserNames => Users.Keys;

    [OneTimeSetUp]
    public void Start()
    {
        _server = RedisServer.Start();
        _plain = RedisServer.Start();
        _proxy = ProxyProcess.Start(RedisTopology.File(
            [_server.Address], ["users:", "  default: { password: main }", .. Users.Select(user => $"  {user.Key}: {{ {user.Value.Proxy} }}")]));
        foreach (var (name, rules) in Users)
        {
            Assert.That(_plain.Call(["ACL", "SETUSER", name, "on", "nopass", "resetchannels", .. rules.Redis.Split(' ')]), Is.EqualTo("+OK\r\n"));
        }

        using var plain = _plain.Connect();
        _requests = [.. Lines(plain.Call("ACL", "CAT", "slow")).Concat(Lines(plain.Call("ACL", "CAT", "fast"))).Select(name => (name, RequestOf(plain, name)))];
        Assert.That(_requests, Has.Length.GreaterThan(300));
    }

    [OneTimeTearDown]
    public void End()
    {
        _proxy?.Dispose();
        _plain?.Dispose();
        _server?.Dispose();
    }

    [Test]
    public void EveryCommand_IsAllowedOrRefusedAsByPlainRedis([ValueSource(nameof(UserNames))] string user, [Values("2", "3")] string version)
    {
        using var plain = _plain.Connect();
        using var client = _proxy.Connect();
        Assert.That(client.Call("HELLO", version, "AUTH", user, "x"), Does.Match("^[*%]"));
        var wrong = new List<string>();
        foreach (var (name, request) in _requests)
        {
            var expected = Expected(plain.Call(["ACL", "DRYRUN", user, .. request]), name);
            if (expected.Length == 0 && Disturbing.Contains(name))
            {
                continue;
            }

            var reply = client.Call(request);
            if (expected.Length > 0 ? reply != expected : reply.StartsWith("-NOPERM", StringComparison.Ordinal))
            {
                wrong.Add($"{string.Join(' ', request)}: {reply.Trim()}, and not {(expected.Length > 0 ? expected.Trim() : "allowed")}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void EveryCommandBeforeLogin_IsRefusedAsByPlainRedis()
    {
        using var locked = RedisServer.Start("--requirepass", "main");
        using var plain = RespClient.Connect(locked.EndPoint);
        using var client = _proxy.Connect();

        // Of some Redis says first that nobody may use them; the proxy has none of them.
        string[] skipped = ["quit", "hello", "debug", "module|load", "module|loadex", "module|unload"];
        foreach (var (name, request) in _requests.Where(one => !skipped.Contains(one.Name)))
        {
            Assert.That(client.Call(request), Is.EqualTo(plain.Call(request)), name);
        }
    }

    private static string[] Lines(string reply) => [.. reply.Split("\r\n").Where(line => line.Length > 0 && line[0] is not ('*' or '$'))];

    private static string[] RequestOf(RespClient plain, string name)
    {
        var arity = int.Parse(plain.Call("COMMAND", "INFO", name).Split("\r\n")[4].TrimStart(':'));
        var words = name.Split('|');
        return Arguments.TryGetValue(name, out var arguments)
            ? [.. words, .. arguments.Split(' ')]
            : [.. words, .. Enumerable.Repeat("1", Math.Abs(arity) - words.Length)];
    }

    /// <summary>The line with which Redis refuses what ACL DRYRUN says is not allowed; empty for what is.</summary>
    private static string Expected(string dryRun, string name)
    {
        // Or it is a command that has subcommands, of which none is named like that.
        if (dryRun == "+OK\r\n" || dryRun.EndsWith(" not found\r\n", StringComparison.Ordinal))
        {
            return "";
        }

        Assert.That(dryRun, Does.Contain("This user has no permissions to "), name);
        if (name == "exec")
        {
            return "-EXECABORT Transaction discarded because of: NOPERM this user has no permissions to run the 'exec' command\r\n";
        }

        return dryRun.Contains(" to run the ", StringComparison.Ordinal)
            ? $"-NOPERM this user has no permissions to run the '{name}' command\r\n"
            : $"-NOPERM this user has no permissions to access one of the {(dryRun.Contains("key", StringComparison.Ordinal) ? "keys" : "channels")} used as arguments\r\n";
    }
}
