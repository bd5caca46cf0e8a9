using System.Text;
using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>
/// Feeds a scanner as a client connection does and writes down what it says: `GET|a` for a request, `-ERR …` without its end for an error,
/// `closed` for a silent close, `…` at the end when bytes of an unfinished request are left. Skipped bytes leave no trace.
/// </summary>
internal static class RequestTranscript
{
    /// <summary>Up to this size the bytes move to another array before each call, as they may.</summary>
    private const int MovingSize = 512;

    /// <summary>What a scanner makes of the bytes when they arrive as <paramref name="ends"/> says.</summary>
    public static string[] Of(RequestScanner scanner, byte[] bytes, int[] ends)
    {
        var lines = new List<string>();
        var start = 0;
        var unfinished = false;
        foreach (var end in ends)
        {
            while (true)
            {
                var unread = bytes.Length <= MovingSize ? bytes.AsSpan(start..end).ToArray() : bytes.AsSpan(start..end);
                var status = scanner.Scan(unread);
                if (status == RequestScanStatus.NeedMore)
                {
                    Assert.That(scanner.BytesWanted, Is.GreaterThan(unread.Length), "wants more than there is");
                    unfinished = !unread.IsEmpty;
                    break;
                }

                if (status is RequestScanStatus.Error or RequestScanStatus.CloseSilently)
                {
                    lines.Add(status == RequestScanStatus.Error ? Cuts.Text(scanner.Error).TrimEnd('\n').TrimEnd('\r') : "closed");
                    return [.. lines];
                }

                if (status == RequestScanStatus.Request)
                {
                    lines.Add(Describe(scanner.Frame(unread)));
                }

                Assert.That(scanner.Consumed, Is.InRange(1, unread.Length), "consumes what is there");
                start += scanner.Consumed;
            }
        }

        if (unfinished)
        {
            lines.Add("…");
        }

        return [.. lines];
    }

    private static string Describe(in RequestFrame frame)
    {
        var canonical = new StringBuilder($"*{frame.Count}\r\n");
        var arguments = new List<string>();
        for (var i = 0; i < frame.Count; i++)
        {
            var encoded = $"${frame[i].Length}\r\n{Cuts.Text(frame[i])}\r\n";
            Assert.That(Cuts.Text(frame.Encoded(i)), Is.EqualTo(encoded), "argument on the wire");
            canonical.Append(encoded);
            arguments.Add(Cuts.Text(frame[i]));
        }

        Assert.That(Cuts.Text(frame.Bytes), Is.EqualTo(canonical.ToString()), "canonical form");
        return string.Join('|', arguments);
    }
}
