using NUnit.Framework;
using Proxy.Core.Requests.Administration.Information;
using Proxy.Resp;
using Proxy.Testing;

namespace Proxy.Core.Tests.Requests.Administration.Information;

public sealed class InfoQuestionTests
{
    [TestCase("INFO", "Server Clients Memory Persistence Replication Cluster Proxy")]
    [TestCase("INFO all", "Server Clients Memory Persistence Replication Cluster Proxy")]
    [TestCase("INFO Default", "Server Clients Memory Persistence Replication Cluster Proxy")]
    [TestCase("INFO everything", "Server Clients Memory Persistence Replication Cluster Proxy")]
    [TestCase("INFO server PROXY", "Server Proxy")]
    [TestCase("INFO proxy", "Proxy")]
    [TestCase("INFO stats nosuch", "")]
    public void Sections_AreThoseThatAreNamed(string request, string sections)
    {
        var question = Read(request);

        Assert.That(string.Join(' ', ProxyInformation.Sections.Where(question.Wants)), Is.EqualTo(sections));
    }

    [TestCase("INFO proxy", true)]
    [TestCase("INFO Proxy PROXY", true)]
    [TestCase("INFO", false)]
    [TestCase("INFO proxy server", false)]
    [TestCase("INFO all", false)]
    public void ServersAreAsked_UnlessItIsAboutTheProxyOnly(string request, bool isAboutProxyOnly) =>
        Assert.That(Read(request).IsAboutProxyOnly, Is.EqualTo(isAboutProxyOnly));

    [Test]
    public void EndlessQuestion_IsReadInPart()
    {
        var question = Read("INFO " + string.Join(' ', Enumerable.Repeat("proxy", 1000)) + " server");

        Assert.That((question.IsAboutProxyOnly, question.Wants("Proxy"), question.Wants("Server")), Is.EqualTo((false, true, false)));
    }

    private static InfoQuestion Read(string request)
    {
        var bytes = RespFrame.Request(request.Split(' '));
        var scanner = new RequestScanner(new RequestLimits()) { Authenticated = true };
        scanner.Scan(bytes);
        return InfoQuestion.Of(scanner.Frame(bytes));
    }
}
