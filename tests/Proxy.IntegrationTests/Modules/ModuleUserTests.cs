using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Modules;

/// <summary>What users may do with the commands of a module.</summary>
public sealed class ModuleUserTests
{
    private static readonly string[] Users =
    [
        "users:",
        "  everything: { nopass: true }",
        "  reader: { nopass: true, commands: [\"+@read\"] }",
        "  careful: { nopass: true, commands: [\"+@all\", \"-@write\", \"-testmod.count\"] }",
        "  boxer: { nopass: true, commands: [\"+testmod.box\"] }",
        "  unchanging: { nopass: true, read_only: true }",
        "  elsewhere: { nopass: true, keys: [\"other:*\"] }",
        "deny_commands: [testmod.admin]",
    ];

    private TestModule _module = null!;
    private RedisTopology _topology = null!;

    [OneTimeSetUp]
    public void StartServer()
    {
        _module = new TestModule();
        _topology = RedisTopology.Start([_module.StartServer()], [], Users);
    }

    [OneTimeTearDown]
    public void EndServer()
    {
        _topology?.Dispose();
        _module?.Dispose();
    }

    [TestCase("everything", "TESTMOD.SET other:k v", "+OK")]
    [TestCase("everything", "TESTMOD.HIDDEN v k", "+OK")]
    [TestCase("everything", "TESTMOD.ADMIN", "-NOPERM")]
    [TestCase("reader", "TESTMOD.GET nosuch", "$-1")]
    [TestCase("reader", "TESTMOD.SET k v", "-NOPERM")]
    [TestCase("careful", "TESTMOD.GET nosuch", "$-1")]
    [TestCase("careful", "TESTMOD.SET k v", "-NOPERM")]
    [TestCase("careful", "TESTMOD.COUNT k", "-NOPERM")]
    [TestCase("careful", "TESTMOD.BOX SET k v", "-NOPERM")]
    [TestCase("boxer", "TESTMOD.BOX SET other:k v", "+OK")]
    [TestCase("boxer", "TESTMOD.GET k", "-NOPERM")]
    [TestCase("unchanging", "TESTMOD.GET nosuch", "$-1")]
    [TestCase("unchanging", "TESTMOD.SET k v", "-NOPERM")]
    [TestCase("elsewhere", "TESTMOD.SET other:k v", "+OK")]
    [TestCase("elsewhere", "TESTMOD.SET k v", "-NOPERM")]
    [TestCase("elsewhere", "TESTMOD.COUNT other:k k", "-NOPERM")]
    [TestCase("elsewhere", "TESTMOD.BOX GET k", "-NOPERM")]
    [TestCase("elsewhere", "TESTMOD.HIDDEN v other:k", "-NOPERM")]
    [TestCase("elsewhere", "TESTMOD.BOX SIZE", ":")]
    public void User_MayDoWhatItsRulesSay(string user, string request, string reply)
    {
        using var client = _topology.Connect();
        client.Call("AUTH", user, "");

        Assert.That(client.Call(request.Split(' ')), Does.StartWith(reply));
    }
}
