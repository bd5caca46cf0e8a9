using NUnit.Framework;

namespace Proxy.IntegrationTests.CrossServer;

/// <summary>What users may not do, they may not do across servers either; and what they may does not depend on what the servers are asked.</summary>
public sealed class CrossServerUserTests() : TopologyTests(
    servers: 2,
    "cross_server: true",
    "deny_commands: [get, sinter]",
    "users:",
    "  default: { nopass: true }",
    "  counter: { nopass: true, commands: [pfcount, lcs], keys: [\"*0*\"] }",
    "  writer: { nopass: true, keys: [\"%W~*\"] }")
{
    [Test]
    public void DeniedCommand_IsRefused() => Assert.That(Client.Call("SINTER", Key(0), Key(1)), Does.StartWith("-NOPERM"));

    [Test]
    public void CommandWhosePartsAreDenied_IsAllowed()
    {
        Client.Call("AUTH", "counter", "x");

        Assert.That(Client.Call("PFCOUNT", Key(0), Key(1)), Is.EqualTo(":0\r\n"));
    }

    [Test]
    public void KeyOnTheOtherServerThatIsNotTheUsers_IsRefused()
    {
        Client.Call("AUTH", "counter", "x");

        Assert.That(Client.Call("PFCOUNT", Key(0), Key(1, 111)), Does.StartWith("-NOPERM this user has no permissions to access one of the keys"));
    }

    [Test]
    public void UserThatMayOnlyWrite_ReadsNothing()
    {
        Client.Call("AUTH", "writer", "x");

        Assert.That(Client.Call("SUNION", Key(0), Key(1)), Does.StartWith("-NOPERM this user has no permissions to access one of the keys"));
    }
}
