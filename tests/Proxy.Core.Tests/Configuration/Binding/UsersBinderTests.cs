using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Binding;

[TestFixture]
internal sealed class UsersBinderTests
{
    [TestCase("")]
    [TestCase("users:")]
    public void Accepts_NoUsers(string text) => Assert.That(Loading.Pool(text).Users, Is.Empty);

    [Test]
    public void Accepts_UsersInTheirOrder() =>
        Assert.That(
            Loading.Pool("users:\n  b:\n    nopass: true\n  a:\n    password: x").Users.Select(user => user.Name), Is.EqualTo(new[] { "b", "a" }));

    [Test]
    public void Accepts_ListsAndSingleTexts()
    {
        var user = Loading.Pool("users:\n  a:\n    password: [x, y]\n    keys: app\n    channels: [one, two]\n    commands: get").Users.Single();

        Assert.That(user.PasswordHashes, Has.Length.EqualTo(2));
        Assert.That(user.Keys, Has.Length.EqualTo(1));
        Assert.That(user.Channels, Has.Length.EqualTo(2));
    }

    [Test]
    public void Accepts_UsersInANutcrackerFile() =>
        Assert.That(Loading.Model(PoolText.Nutcracker("redis: true\nusers:\n  a:\n    nopass: true")).Pools.Single().Users, Has.Length.EqualTo(1));

    [TestCase("users: a", "3:12: pools.p.users: directive \"users\" has to be a map of its own")]
    [TestCase("users: [a]", "3:12: pools.p.users: directive \"users\" has to be a map of its own")]
    [TestCase("users:\n  a: x", "4:7: pools.p.users.a: user 'a' has to be a map of its own")]
    [TestCase("users:\n  a: [x]", "4:7: pools.p.users.a: user 'a' has to be a map of its own")]
    [TestCase("users:\n  a:\n    nopass: true\n  a:\n    nopass: true", "6:7: pools.p.users.a: user 'a' is a duplicate")]
    [TestCase("users:\n  a:\n    password: x\n    nopass: yes", "6:17: pools.p.users.a.nopass: directive \"nopass\" is not \"true\" or \"false\"")]
    [TestCase("users:\n  a:\n    nopass: true\n    read_only: 1", "6:20: pools.p.users.a.read_only: directive \"read_only\" is not \"true\" or \"false\"")]
    [TestCase("users:\n  a:\n    nopass: true\n    key: x", "6:9: pools.p.users.a.key: directive \"key\" is unknown (did you mean 'keys'?)")]
    [TestCase("users:\n  a:\n    nopass: true\n    keys:", "6:14: pools.p.users.a.keys: directive \"keys\" has no value")]
    [TestCase(
        "users:\n  a:\n    nopass: true\n    keys:\n      - x\n      - y: z",
        "8:13: pools.p.users.a.keys[1]: directive \"keys\" has to be a text, or a list of texts")]
    [TestCase(
        "users:\n  a:\n    nopass: true\n    commands:\n      get: true",
        "7:11: pools.p.users.a.commands: directive \"commands\" has to be a text, or a list of texts")]
    [TestCase(
        "users:\n  a:\n    nopass: true\n    server_user: [x]\n    server_password: y",
        "6:22: pools.p.users.a.server_user: directive \"server_user\" has to be a single value",
        "7:26: pools.p.users.a.server_password: needs \"server_user\"")]
    public void Rejects_WhatHasAnotherShape(string text, params string[] errors) => Assert.That(Loading.Errors(PoolText.With(text)), Is.EqualTo(errors));
}
