using System.Text;
using NUnit.Framework;
using Proxy.Core.Metrics;

namespace Proxy.Core.Tests.Metrics;

[TestFixture]
internal sealed class ServerErrorPrefixesTests
{
    [TestCase("ERR unknown command", ServerErrorPrefix.Err)]
    [TestCase("WRONGTYPE Operation against a key", ServerErrorPrefix.WrongType)]
    [TestCase("MOVED 3999 127.0.0.1:6381", ServerErrorPrefix.Moved)]
    [TestCase("OOM command not allowed", ServerErrorPrefix.Oom)]
    [TestCase("LOADING\r\n", ServerErrorPrefix.Loading)]
    [TestCase("BUSY", ServerErrorPrefix.Busy)]
    [TestCase("BUSYKEY Target key name already exists.", ServerErrorPrefix.Other)]
    [TestCase("err lower case is no word of Redis", ServerErrorPrefix.Other)]
    [TestCase("", ServerErrorPrefix.Other)]
    public void ErrorReply_IsKnownByItsFirstWord(string text, object prefix) =>
        Assert.That(ServerErrorPrefixes.Parse(Encoding.ASCII.GetBytes(text)), Is.EqualTo(prefix));

    [Test]
    public void EveryLabelButOther_IsRecognisedAsItself()
    {
        var known = Enum.GetValues<ServerErrorPrefix>().Where(prefix => prefix != ServerErrorPrefix.Other);

        Assert.That(known.Select(prefix => ServerErrorPrefixes.Parse(Encoding.ASCII.GetBytes(ServerErrorPrefixes.Labels[(int)prefix]))), Is.EqualTo(known));
    }
}
