using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>
/// Feeds a scanner as a server connection does, each byte once, and writes down the replies as they stood on the wire, each after its
/// kind: `$ $1\r\na\r\n`. `…` at the end: a reply has begun; `error`: not RESP.
/// </summary>
internal static class ReplyTranscript
{
    /// <summary>What a scanner makes of the bytes when they arrive as <paramref name="ends"/> says.</summary>
    public static string[] Of(ReplyScanner scanner, byte[] bytes, int[] ends)
    {
        var lines = new List<string>();
        var position = 0;
        var start = 0;
        foreach (var end in ends)
        {
            while (position < end)
            {
                // An array of its own: nothing may be kept of it.
                var fresh = bytes.AsSpan(position..end).ToArray();
                var status = scanner.Scan(fresh, out var consumed);
                position += consumed;
                if (status == ReplyScanStatus.Error)
                {
                    Assert.That(scanner.Problem, Is.Not.Empty, "says what is wrong");
                    lines.Add("error");
                    return [.. lines];
                }

                Assert.That(scanner.BytesExpected, Is.GreaterThanOrEqualTo(0));
                if (status == ReplyScanStatus.NeedMore)
                {
                    Assert.That(consumed, Is.EqualTo(fresh.Length), "takes all of an unfinished reply");
                    break;
                }

                Assert.That(scanner.IsPush, Is.EqualTo(scanner.Kind == '>'));
                lines.Add($"{(char)scanner.Kind} {Cuts.Text(bytes.AsSpan(start..position))}");
                start = position;
            }
        }

        if (scanner.InReply)
        {
            lines.Add("…");
        }

        return [.. lines];
    }
}
