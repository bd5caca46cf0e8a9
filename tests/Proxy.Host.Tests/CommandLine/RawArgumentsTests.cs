using NUnit.Framework;
using Proxy.Host.CommandLine;

namespace Proxy.Host.Tests.CommandLine;

[TestFixture]
internal sealed class RawArgumentsTests
{
    [Test]
    public void Match_BytesThatAreNoText_AreFound() =>
        Assert.That(
            RawArguments.Match(["\ufffd", "b", "\ufffd"], [.. "proxy\0route\0"u8, 0xff, 0, .. "-p\0b\0"u8, 0xfe, 0]),
            Is.EqualTo(new byte[][] { [0xff], [(byte)'b'], [0xfe] }));

    [Test]
    public void Match_WithoutCommandLine_TakesTheText() => Assert.That(RawArguments.Match(["ü"], []), Is.EqualTo(new[] { "ü"u8.ToArray() }));
}
