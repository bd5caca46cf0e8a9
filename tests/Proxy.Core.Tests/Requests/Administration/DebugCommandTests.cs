using System.Text;
using NUnit.Framework;
using Proxy.Core.Requests.Administration;

namespace Proxy.Core.Tests.Requests.Administration;

public sealed class DebugCommandTests
{
    [TestCase("SEGFAULT", nameof(DebugReach.Nobody))]
    [TestCase("segfault\0x", nameof(DebugReach.Nobody), Description = "Redis sees the end of the word in the zero byte")]
    [TestCase("Panic", nameof(DebugReach.Nobody))]
    [TestCase("RESTART", nameof(DebugReach.Nobody))]
    [TestCase("crash-and-recover", nameof(DebugReach.Nobody))]
    [TestCase("OOM", nameof(DebugReach.Nobody))]
    [TestCase("ASSERT", nameof(DebugReach.Nobody))]
    [TestCase("OBJECT", nameof(DebugReach.Key))]
    [TestCase("listpack", nameof(DebugReach.Key))]
    [TestCase("DIGEST-VALUE", nameof(DebugReach.Keys))]
    [TestCase("DIGEST", nameof(DebugReach.Digest))]
    [TestCase("SLEEP", nameof(DebugReach.All))]
    [TestCase("RELOAD", nameof(DebugReach.All))]
    [TestCase("HTSTATS", nameof(DebugReach.Text))]
    [TestCase("HTSTATS-KEY", nameof(DebugReach.Key))]
    [TestCase("POPULATE", nameof(DebugReach.First))]
    [TestCase("HELP", nameof(DebugReach.First))]
    [TestCase("NOSUCH", nameof(DebugReach.First))]
    [TestCase("", nameof(DebugReach.First))]
    public void Word_ConcernsWhomItDoes(string word, string reach) =>
        Assert.That(DebugCommand.ReachOf(Encoding.Latin1.GetBytes(word)).ToString(), Is.EqualTo(reach));
}
