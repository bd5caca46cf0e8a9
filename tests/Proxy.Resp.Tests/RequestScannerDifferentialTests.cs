using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>The scanner against the plain parser of the same rules, on random bytes that arrive in random pieces.</summary>
public sealed class RequestScannerDifferentialTests
{
    [Test]
    public void RandomRequests_RandomCuts_EqualTheReference([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var text = RandomRequests.Next(random);
            var bytes = Cuts.Bytes(text);
            var ends = round % 3 == 0 ? [bytes.Length] : Cuts.Random(bytes.Length, random);

            var transcript = RequestTranscript.Of(new RequestScanner(RequestLimits.Default) { Authenticated = true }, bytes, ends);

            Assert.That(transcript, Is.EqualTo(ReferenceRequestParser.Parse(text)), () => $"round {round}: {Convert.ToHexString(bytes)}");
        }
    }
}
