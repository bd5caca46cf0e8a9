using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class DenyCommandsValidatorTests
{
    [Test]
    public void Accepts_CommandsAndSubcommandsInAnyCase() =>
        Assert.That(
            Loading.Pool("deny_commands: [GET, client|info, config get]").DenyCommands,
            Is.EquivalentTo(new[] { "get", "client|info", "config|get" }));

    [Test]
    public void Accepts_CommandsThatOnlyServersKnow() =>
        Assert.That(
            Loading.Pool("deny_commands: [JSON.SET, HExpire, hotkeys start, mymodule.box get]").DenyCommands,
            Is.EquivalentTo(new[] { "json.set", "hexpire", "hotkeys|start", "mymodule.box|get" }));

    [Test]
    public void Rejects_UnknownCommandsWithTheNearest() =>
        Assert.That(
            Loading.PoolErrors("deny_commands: [flsuhall, client|infos, frobnicate]"),
            Is.EqualTo(new[]
            {
                "pools.p.deny_commands[0]: there is no command 'flsuhall' (did you mean 'flushall'?)",
                "pools.p.deny_commands[1]: there is no command 'client|infos' (did you mean 'client|info'?)",
                "pools.p.deny_commands[2]: there is no command 'frobnicate'",
            }));

    [Test]
    public void Rejects_ElementThatIsNoName() =>
        Assert.That(
            Loading.PoolErrors("deny_commands:\n  - name: get"),
            Is.EqualTo(new[] { "pools.p.deny_commands[0]: directive \"deny_commands\" has an element that is not the name of a command" }));
}
