using NUnit.Framework;

namespace Proxy.Host.Tests.Documentation;

internal sealed class ErrorTextsTests
{
    [Test]
    public void ReadmeTablesOfErrors_HaveExactlyTheTextsThatAreSent() =>
        Assert.That(Readme.Rows("Errors that the proxy sends").SelectMany(row => Readme.Code(row[0])), Is.EquivalentTo(ErrorReplies.All));
}
