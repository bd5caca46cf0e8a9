using NUnit.Framework;
using Proxy.Core.Configuration;
using Proxy.Core.Configuration.Binding;

namespace Proxy.Core.Tests.Configuration.Binding;

[TestFixture]
internal sealed class ServerTextTests
{
    private const string Format = "has an invalid \"hostname:port:weight [name]\"or \"/path/unix_socket:weight [name]\" format string";

    private static (string? Refusal, ServerConfig Server) Read(string text)
    {
        var server = new ServerConfig { Place = default };
        return (ServerText.Read(text, ref server), server);
    }

    [TestCase("127.0.0.1:6379:1", "127.0.0.1:6379", 1)]
    [TestCase("127.0.0.1:6379:10", "127.0.0.1:6379", 10)]
    [TestCase("localhost:6379:1", "localhost:6379", 1)]
    [TestCase("::1:6379:1", "::1:6379", 1)]
    [TestCase("[::1]:6379:1", "[::1]:6379", 1)]
    [TestCase("127.0.0.1:06379:1", "127.0.0.1:06379", 1, Description = "the port as written")]
    [TestCase("127.0.0.1:11211:1", "127.0.0.1", 1, Description = "libmemcached's port")]
    [TestCase("127.0.0.1:011211:1", "127.0.0.1", 1)]
    [TestCase("/tmp/r.sock:3", "/tmp/r.sock:", 3, Description = "with the colon")]
    [TestCase("127.0.0.1:6379:1 a", "a", 1)]
    [TestCase("/tmp/r.sock:1 s", "s", 1)]
    [TestCase("::1:6379:1 six", "six", 1)]
    public void Read_Server_HasTwemproxysEffectiveName(string text, string name, int weight)
    {
        var (refusal, server) = Read(text);

        Assert.That((refusal, server.EffectiveName, server.Weight), Is.EqualTo(((string?)null, name, weight)));
    }

    [TestCase("127.0.0.1:6379:1 a", "127.0.0.1:6379")]
    [TestCase("::1:6379:1 a", "::1:6379")]
    [TestCase("/tmp/r.sock:1 a", "/tmp/r.sock")]
    public void Read_Server_HasTheAddressWithoutWeightAndName(string text, string address) =>
        Assert.That(Read(text).Server.Address?.Text, Is.EqualTo(address));

    [TestCase("127.0.0.1")]
    [TestCase("")]
    [TestCase("a:b c")]
    [TestCase("127.0.0.1:6379:1 ")]
    [TestCase(":1")]
    public void Read_NoServer_IsRefused(string text) => Assert.That(Read(text).Refusal, Is.EqualTo($"{Format}: '{text}'"));

    [TestCase("127.0.0.1:6379", "127.0.0.1:6379:1")]
    [TestCase("127.0.0.1:6379 shard1", "127.0.0.1:6379:1")]
    [TestCase("/tmp/r.sock", "/tmp/r.sock:1")]
    public void Read_ServerWithoutWeight_IsRefusedWithAHint(string text, string hint) =>
        Assert.That(Read(text).Refusal, Is.EqualTo($"{Format}: '{text}' (is the weight missing? '{hint}')"));

    [TestCase("127.0.0.1:6379:0", "has a zero weight")]
    [TestCase("127.0.0.1:6379:x", "has an invalid weight")]
    [TestCase("127.0.0.1:6379:-1", "has an invalid weight")]
    [TestCase("127.0.0.1:6379:", "has an invalid weight")]
    [TestCase("127.0.0.1:6379:2147483648", "has an invalid weight")]
    [TestCase("127.0.0.1:6379:1  a", "has an invalid weight", Description = "two blanks")]
    [TestCase("127.0.0.1:6379:1 a b", "has an invalid weight", Description = "a name with a blank")]
    [TestCase("127.0.0.1:0:1", "has an invalid port")]
    [TestCase("127.0.0.1:65536:1", "has an invalid port")]
    [TestCase("127.0.0.1::1", "has an invalid port")]
    public void Read_WeightOrPort_IsRefusedInTwemproxysWords(string text, string reason) =>
        Assert.That(Read(text).Refusal, Is.EqualTo($"{reason} in \"hostname:port:weight [name]\" format string: '{text}'"));
}
