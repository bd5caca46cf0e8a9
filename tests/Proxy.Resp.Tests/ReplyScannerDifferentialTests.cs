using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>The scanner against the plain parser of the same rules, on random bytes that arrive in random pieces.</summary>
public sealed class ReplyScannerDifferentialTests
{
    [Test]
    public void RandomReplies_RandomCuts_EqualTheReference([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 500; round++)
        {
            var text = RandomReplies.Next(random);
            var bytes = Cuts.Bytes(text);
            var ends = round % 3 == 0 ? [bytes.Length] : Cuts.Random(bytes.Length, random);

            var transcript = ReplyTranscript.Of(new ReplyScanner(), bytes, ends);

            Assert.That(transcript, Is.EqualTo(ReferenceReplyParser.Parse(text)), () => $"round {round}: {Convert.ToHexString(bytes)}");
        }
    }
}
