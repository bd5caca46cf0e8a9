using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking.Stress;

/// <summary>Takes elements from a list of a server that does not die: each element is delivered once.</summary>
internal sealed class PoppingClient(ProxyProcess proxy, string name, ElementLog log) : StressClient(proxy, server: 0, name)
{
    protected override string[][] Ask() => [["BLPOP", Key("queue"), Random.Shared.Next(3) == 0 ? "0" : $"0.{Random.Shared.Next(1, 10)}"]];

    protected override void Take(IReadOnlyList<string> replies)
    {
        if (replies[0].StartsWith("*2\r\n", StringComparison.Ordinal))
        {
            log.Delivered(replies[0].Split("\r\n")[4], Name);
        }
        else if (replies[0] != "*-1\r\n")
        {
            Excuse(replies[0]);
        }
    }
}
