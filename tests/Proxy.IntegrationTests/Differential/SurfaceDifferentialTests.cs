using NUnit.Framework;

namespace Proxy.IntegrationTests.Differential;

/// <summary>The whole surface of one Redis, request by request: the proxy answers as a plain Redis does.</summary>
public sealed class SurfaceDifferentialTests
{
    /// <summary>With several servers: what concerns keys that live together.</summary>
    [Test]
    public void EveryCommand_WithManyArgumentsAndTypesOfKeys_IsAnsweredAlike([Values(1, 4)] int servers, [Values(2, 3)] int respVersion)
    {
        using var twins = new Twins(servers, respVersion);
        var matrix = new CommandMatrix(twins);

        matrix.Run(keyedOnly: servers > 1);

        Assert.That(twins.Requests, Is.GreaterThan(servers == 1 ? 12_000 : 9000), "requests");
        twins.ExpectNoDifference();
    }

    [Test]
    public void RequestsForTheServerItself_AreAnsweredAlike(
        [ValueSource(typeof(ServerRequests), nameof(ServerRequests.Chapters))] Chapter chapter, [Values(2, 3)] int respVersion)
    {
        using var twins = new Twins(servers: 1, respVersion);
        foreach (var line in chapter.Lines)
        {
            twins.AskLine(line);
        }

        twins.Ask("DEBUG", "DIGEST");
        twins.ExpectNoDifference();
    }
}
