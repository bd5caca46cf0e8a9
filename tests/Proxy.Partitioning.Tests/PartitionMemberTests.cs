using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class PartitionMemberTests
{
    [TestCase("127.0.0.1", "7001", "127.0.0.1:7001")]
    [TestCase("redis.example.com", "07001", "redis.example.com:07001")]
    [TestCase("cache", "11211", "cache")]
    [TestCase("cache", "011211", "cache")]
    [TestCase("::1", "6379", "::1:6379")]
    public void ServerWithoutAName_IsNamedAsInTwemproxy(string host, string port, string name) =>
        Assert.That(PartitionMember.DefaultName(host, port), Is.EqualTo(name));

    [Test]
    public void SocketWithoutAName_EndsInAColon() => Assert.That(PartitionMember.DefaultSocketName("/run/redis.sock"), Is.EqualTo("/run/redis.sock:"));
}
