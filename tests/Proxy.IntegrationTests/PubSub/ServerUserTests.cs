using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.PubSub;

/// <summary>A user whose requests run as another user at the servers.</summary>
public sealed class ServerUserTests
{
    [Test]
    public void PublisherThatIsSubscribedItself_PublishesAsItsUserAtTheServer()
    {
        using var server = RedisServer.Start();
        server.Call("ACL", "SETUSER", "confined", "on", ">c", "+@all", "~*", "resetchannels", "&allowed*");
        using var proxy = ProxyProcess.Start(ProxyFile.Of(
            [server.Address], "users:", "  inner: { password: i, server_user: confined, server_password: c }"));
        using var client = proxy.Connect();
        client.Call("HELLO", "3", "AUTH", "inner", "i");
        client.Call("SUBSCRIBE", "allowed", "forbidden");
        client.ReadReply();

        Assert.That(client.Call("PUBLISH", "forbidden", "m"), Does.StartWith("-NOPERM "));
        client.SendCommand("PUBLISH", "allowed", "m");

        string[] heard = [client.ReadReply(), client.ReadReply()];
        Assert.That(heard, Is.EquivalentTo(new[] { ":1\r\n", '>' + RespFrame.Array("message", "allowed", "m")[1..] }));
    }
}
