using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class NamesValidatorTests
{
    [Test]
    public void Accepts_AnyPrintableName() =>
        Assert.That(Loading.Errors("pools:\n  größe 1:\n    listen: 127.0.0.1:1\n    servers:\n      - 127.0.0.1:2:1 ä\"b"), Is.Empty);

    [Test]
    public void Rejects_ControlCharacters() =>
        Assert.That(
            Loading.Errors("pools:\n  a\tb:\n    listen: 127.0.0.1:1\n    servers:\n      - 127.0.0.1:2:1 a\u001bb"),
            Is.EqualTo(new[]
            {
                @"2:3: pools.a\x09b: the name of a pool has no control characters",
                @"5:9: pools.a\x09b.servers[0]: the name of a server has no control characters",
            }));
}
