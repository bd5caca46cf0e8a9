using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking.Stress;

/// <summary>
/// Moves elements to a list of its own, on a server that dies now and then: one whose reply was lost with the server is found in the list.
/// </summary>
internal sealed class MovingClient(ProxyProcess proxy, int server, string name, ElementLog log) : StressClient(proxy, server, name)
{
    protected override string[][] Ask() =>
        [["BLMOVE", Key("queue"), Key($"moved:{Name}"), "LEFT", "RIGHT", Random.Shared.Next(3) == 0 ? "0" : $"0.{Random.Shared.Next(1, 10)}"]];

    protected override void Take(IReadOnlyList<string> replies)
    {
        if (replies[0].StartsWith("$", StringComparison.Ordinal) && replies[0] != "$-1\r\n")
        {
            log.Delivered(replies[0].Split("\r\n")[1], Name);
        }
        else if (replies[0] is not ("*-1\r\n" or "$-1\r\n"))
        {
            Excuse(replies[0]);
        }
    }
}
