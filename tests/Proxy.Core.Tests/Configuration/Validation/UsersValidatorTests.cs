using System.Text;
using NUnit.Framework;
using Proxy.Core.Model;
using Proxy.Resp.Commands;
using Proxy.Testing;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class UsersValidatorTests
{
    private const string HashOfX = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

    private readonly TempFolder _folder = new();

    [OneTimeTearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Accepts_UserOfWhomNothingElseIsSaid_MayDoEverything()
    {
        var user = User("nopass: true");

        Assert.That(user.IsUnrestricted, Is.True);
        Assert.That(user.ServerUser, Is.Null);
    }

    [TestCase("password: x", "x", true)]
    [TestCase("password: x", "y", false)]
    [TestCase("password: x", "", false)]
    [TestCase("password: [y, x]", "x", true)]
    [TestCase($"password_hash: {HashOfX}", "x", true)]
    [TestCase($"password_hash: {HashOfX}", HashOfX, false)]
    [TestCase($"password: y\n    password_hash: {HashOfX}", "x", true)]
    [TestCase("nopass: true", "x", true)]
    public void Accepts_WaysToLogIn(string directives, string password, bool isRight) =>
        Assert.That(User(directives).Accepts(Encoding.UTF8.GetBytes(password), out _), Is.EqualTo(isRight));

    [TestCase("x")]
    [TestCase("x\n")]
    [TestCase("x\r\n")]
    public void Accepts_PasswordFileWithOrWithoutAnEndOfLine(string text)
    {
        var user = User($"password_file: {_folder.Write("secret", text)}");

        Assert.That(user.Accepts("x"u8, out _), Is.True);
        Assert.That(user.Accepts([.. Encoding.UTF8.GetBytes(text), 0], out _), Is.False);
    }

    [TestCase("[\"+@all\"]", "get flushall client|list eval", "")]
    [TestCase("[allcommands]", "get flushall", "")]
    [TestCase("[get, \"+CLIENT|list\", \"+Config\"]", "get client|list config|get config|set", "set client|kill")]
    [TestCase("[\"+@all\", \"-@dangerous\", \"+client|list\"]", "get set client|list client|id", "flushall client|kill keys")]
    [TestCase("[\"+@READ\", \"-get\"]", "mget exists", "get set")]
    [TestCase("[\"+get\", nocommands, \"+set\"]", "set", "get")]
    [TestCase("[\"+@all\", \"-client\", \"+client|id\"]", "client|id get", "client|list client|kill")]
    public void Accepts_RulesFromLeftToRight(string rules, string allowed, string refused)
    {
        var user = User($"nopass: true\n    commands: {rules}");

        Assert.That(allowed.Split(' ').Where(name => !user.Allows(Command(name))), Is.Empty);
        Assert.That(refused.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(name => user.Allows(Command(name))), Is.Empty);
    }

    [Test]
    public void Accepts_ReadOnlyWhateverElseIsAllowed()
    {
        var user = User("nopass: true\n    read_only: true\n    commands: [\"+@all\"]");

        Assert.That("get eval_ro fcall_ro publish".Split(' ').Where(name => !user.Allows(Command(name))), Is.Empty);
        Assert.That("set del eval evalsha fcall expire".Split(' ').Where(name => user.Allows(Command(name))), Is.Empty);
    }

    [TestCase("[\"+@all\"]", true)]
    [TestCase("[\"-@all\", \"+@all\"]", true)]
    [TestCase("[\"+@all\", \"-json.set\"]", false)]
    [TestCase("[\"+@all\", \"-@json\"]", false)]
    [TestCase("[\"+@all\", \"-hexpire\"]", false)]
    public void Accepts_RulesAboutCommandsThatOnlyServersKnow(string rules, bool isUnrestricted) =>
        Assert.That(User($"nopass: true\n    commands: {rules}").IsUnrestricted, Is.EqualTo(isUnrestricted));

    [TestCase("app:*", "app:1", true, true)]
    [TestCase("app:*", "ap", false, false)]
    [TestCase("\"~app:*\"", "app:1", true, true)]
    [TestCase("\"%R~app:*\"", "app:1", true, false)]
    [TestCase("\"%w~app:*\"", "app:1", false, true)]
    [TestCase("\"%RW~app:*\"", "app:1", true, true)]
    [TestCase("[\"%R~a\", \"%W~a\"]", "a", true, true)]
    [TestCase("[a?, \"[bc]\"]", "c", true, true)]
    [TestCase("[]", "a", false, false)]
    public void Accepts_PatternsOfKeys(string keys, string key, bool reads, bool writes)
    {
        var user = User($"nopass: true\n    keys: {keys}");
        var name = Encoding.UTF8.GetBytes(key);

        Assert.That((user.AllowsKey(name, true, false), user.AllowsKey(name, false, true)), Is.EqualTo((reads, writes)));
    }

    [Test]
    public void Accepts_OnePatternInSeveralPlaces_MayBeUsedInBothWaysAtOnce() =>
        Assert.That(User("nopass: true\n    keys: [\"%R~a\", b, \"%W~a\"]").AllowsKey("a"u8, reads: true, writes: true), Is.True);

    [Test]
    public void Accepts_ServerUserThatTwoShare()
    {
        var users = Loading.Pool(
            "users:\n  a:\n    nopass: true\n    server_user: s\n    server_password: x\n  b:\n    nopass: true\n    server_user: s\n    server_password: x").Users;

        Assert.That(users[0].ServerUser, Is.EqualTo(users[1].ServerUser));
    }

    [TestCase("", new[] { "a" })]
    [TestCase("redis_auth: x\n", new[] { "a", "default" })]
    public void Accepts_UsersBesideRedisAuth_WhichIsTheDefaultUsers(string before, string[] names)
    {
        var pool = Loading.Pool($"{before}users:\n  a:\n    nopass: true");

        Assert.That(pool.Users.Select(user => user.Name), Is.EqualTo(names));
        Assert.That(pool.OpensWithoutPassword, Is.False);
        Assert.That(pool.FindUser("default"u8)?.Accepts("x"u8, out _), Is.EqualTo(before.Length > 0 ? true : null));
    }

    [Test]
    public void Accepts_DefaultUserOfItsOwnBesideRedisAuth()
    {
        var pool = Loading.Pool("redis_auth: x\nusers:\n  default:\n    password: y");

        Assert.That(pool.Users.Single().Accepts("x"u8, out _), Is.False);
        Assert.That(pool.Users.Single().Accepts("y"u8, out _), Is.True);
    }

    [TestCase("users:\n  a:", "4:7: pools.p.users.a: needs \"password\", \"password_file\", \"password_hash\" or \"nopass: true\"")]
    [TestCase(
        "users:\n  a:\n    password: []\n    nopass: false",
        "4:7: pools.p.users.a: needs \"password\", \"password_file\", \"password_hash\" or \"nopass: true\"")]
    [TestCase("users:\n  a:\n    password: x\n    nopass: true", "4:7: pools.p.users.a: a user with \"nopass: true\" has no password")]
    [TestCase(
        "users:\n  a:\n    password_hash: [x, y]",
        "5:25: pools.p.users.a.password_hash[0]: directive \"password_hash\" has to be a SHA-256 of 64 hexadecimal digits",
        "5:28: pools.p.users.a.password_hash[1]: directive \"password_hash\" has to be a SHA-256 of 64 hexadecimal digits")]
    [TestCase("users:\n  \"a b\":\n    nopass: true", "4:7: pools.p.users.a b: a user's name has to be printable, without blanks")]
    [TestCase(
        "users:\n  a:\n    nopass: true\n    commands: [get, gte, \"+@raed\", \"-client|lits\"]",
        "6:25: pools.p.users.a.commands[1]: there is no command 'gte' (did you mean 'get'?)",
        "6:30: pools.p.users.a.commands[2]: there is no category '@raed' (did you mean '@read'?)",
        "6:40: pools.p.users.a.commands[3]: there is no command 'client|lits' (did you mean 'client|list'?)")]
    [TestCase(
        "users:\n  a:\n    nopass: true\n    keys: [\"%X~a\", \"%R~\", \"%a\", \"~\"]",
        "6:16: pools.p.users.a.keys[0]: not a pattern of keys, like app:*, %R~app:* or %W~app:*: '%X~a'",
        "6:24: pools.p.users.a.keys[1]: not a pattern of keys, like app:*, %R~app:* or %W~app:*: '%R~'",
        "6:31: pools.p.users.a.keys[2]: not a pattern of keys, like app:*, %R~app:* or %W~app:*: '%a'",
        "6:37: pools.p.users.a.keys[3]: not a pattern of keys, like app:*, %R~app:* or %W~app:*: '~'")]
    [TestCase("users:\n  a:\n    nopass: true\n    server_password: x", "6:26: pools.p.users.a.server_password: needs \"server_user\"")]
    [TestCase("users:\n  a:\n    nopass: true\n    server_password_file: x", "6:31: pools.p.users.a.server_password_file: needs \"server_user\"")]
    [TestCase(
        "users:\n  a:\n    nopass: true\n    server_user: x",
        "6:22: pools.p.users.a.server_user: directive \"server_user\" needs \"server_password\" or \"server_password_file\"")]
    [TestCase(
        "users:\n  a:\n    nopass: true\n    server_user: s\n    server_password: x\n  b:\n    nopass: true\n    server_user: s\n    server_password: y",
        "10:22: pools.p.users.b.server_user: server_user 's' has another password with user 'a'")]
    public void Rejects_WhatCannotWork(string text, params string[] errors) => Assert.That(Loading.Errors(PoolText.With(text)), Is.EqualTo(errors));

    [Test]
    public void Rejects_PasswordFilesThatAreMissingOrEmpty()
    {
        var empty = _folder.Write("empty", "\n");

        var errors = Loading.Errors(PoolText.With(
            $"users:\n  a:\n    password_file: [{_folder["missing"]}, {empty}]\n    server_user: s\n    server_password_file: {empty}"));

        Assert.That(errors, Has.Length.EqualTo(3));
        Assert.That(errors[0], Does.StartWith($"5:25: pools.p.users.a.password_file[0]: the file '{_folder["missing"]}' cannot be read: "));
        Assert.That(errors[1], Does.EndWith($" pools.p.users.a.password_file[1]: the file '{empty}' is empty"));
        Assert.That(errors[2], Is.EqualTo($"7:31: pools.p.users.a.server_password_file: the file '{empty}' is empty"));
    }

    [TestCase("users:\n  default:\n    nopass: true", new string[0])]
    [TestCase(
        "users:\n  default:\n    nopass: true\n  a:\n    nopass: true",
        new[] { "5:17: warning: pools.p.users.default.nopass: the default user needs no password, so that nobody has to log in as another" })]
    [TestCase(
        "users:\n  a:\n    nopass: true\n    commands: [\"-flushall\"]",
        new[] { "6:19: warning: pools.p.users.a.commands: allows no command: rules take away from what those before them allow, like \"+@all\"" })]
    public void WarnsOf_WhatIsHardlyMeant(string text, string[] warnings) => Assert.That(Loading.Warnings(PoolText.With(text)), Is.EqualTo(warnings));

    private static UserModel User(string directives) => Loading.Pool($"users:\n  a:\n    {directives}").FindUser("a"u8)!;

    private static CommandInfo Command(string name) => CommandTable.FindFullName(Encoding.UTF8.GetBytes(name))!;
}
