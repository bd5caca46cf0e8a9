using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Keyspace;

/// <summary>SCAN from its beginning to its end.</summary>
internal static class Scanning
{
    /// <summary>Every key that was returned, as often as it was.</summary>
    /// <param name="client">Who scans.</param>
    /// <param name="options">MATCH, COUNT, TYPE.</param>
    public static List<string> All(RespClient client, params string[] options)
    {
        var keys = new List<string>();
        var cursor = "0";
        var pages = 0;
        do
        {
            Assert.That(++pages, Is.LessThan(1_000_000), "the scan comes to an end");
            (cursor, var page) = Page(client, cursor, options);
            keys.AddRange(page);
        }
        while (cursor != "0");

        return keys;
    }

    /// <summary>One page, and the cursor of the next.</summary>
    public static (string Cursor, string[] Keys) Page(RespClient client, string cursor, params string[] options)
    {
        var reply = client.Call(["SCAN", cursor, .. options]).Split("\r\n");
        Assert.That(reply[0], Is.EqualTo("*2"), $"SCAN {cursor}");
        Assert.That(ulong.TryParse(reply[2], out _), $"cursor {reply[2]}");
        return (reply[2], [.. reply[4..^1].Where((_, i) => i % 2 == 1)]);
    }
}
