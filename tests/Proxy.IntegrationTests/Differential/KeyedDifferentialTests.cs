using NUnit.Framework;

namespace Proxy.IntegrationTests.Differential;

/// <summary>Requests for keys that live together, chapter by chapter: the proxy answers as a plain Redis does.</summary>
[TestFixture(1, 2)]
[TestFixture(1, 3)]
[TestFixture(4, 2)]
[TestFixture(4, 3)]
public sealed class KeyedDifferentialTests(int servers, int respVersion)
{
    private Twins _twins = null!;

    [OneTimeSetUp]
    public void Start() => _twins = new Twins(servers, respVersion);

    [OneTimeTearDown]
    public void End() => _twins?.Dispose();

    [SetUp]
    public void BeginAgain() => _twins.BeginAgain();

    [TestCaseSource(typeof(KeyedRequests), nameof(KeyedRequests.Chapters))]
    public void RequestsForKeysThatLiveTogether_AreAnsweredAlike(Chapter chapter)
    {
        foreach (var line in chapter.Lines)
        {
            _twins.AskLine(line);
        }

        if (servers == 1)
        {
            _twins.Ask("DEBUG", "DIGEST");
        }

        _twins.ExpectNoDifference();
    }
}
