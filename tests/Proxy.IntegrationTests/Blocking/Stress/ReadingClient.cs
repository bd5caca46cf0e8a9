using System.Text.RegularExpressions;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking.Stress;

/// <summary>Reads a stream whose entries are numbered: 1-1, 2-1 and so on, without a gap.</summary>
internal sealed partial class ReadingClient(ProxyProcess proxy, string name) : StressClient(proxy, server: 0, name)
{
    private int _last;

    protected override string[][] Ask() => [["XREAD", "COUNT", "10", "BLOCK", $"{Random.Shared.Next(1, 1000)}", "STREAMS", Key("stream"), $"{_last}-1"]];

    protected override void Take(IReadOnlyList<string> replies)
    {
        if (replies[0].StartsWith('-'))
        {
            Excuse(replies[0]);
        }

        foreach (Match entry in Entry.Matches(replies[0]))
        {
            var number = int.Parse(entry.Groups[1].Value);
            if (number != ++_last)
            {
                throw new InvalidOperationException($"{Name} read {number} in place of {_last}");
            }
        }
    }

    [GeneratedRegex("\r\n([0-9]+)-1\r\n")]
    private static partial Regex Entry { get; }
}
