using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking.Stress;

/// <summary>Writes, waits for replicas that do not exist, and reads what it wrote.</summary>
internal sealed class WritingClient(ProxyProcess proxy, int server, string name) : StressClient(proxy, server, name)
{
    private int _number;

    protected override string[][] Ask()
    {
        _number++;
        string[] wait = Random.Shared.Next(2) == 0 ? ["WAIT", "0", "0"] : ["WAIT", "1", $"{Random.Shared.Next(1, 50)}"];
        return [["SET", Key(Name), $"{_number}"], wait, ["GET", Key(Name)]];
    }

    protected override void Take(IReadOnlyList<string> replies)
    {
        foreach (var reply in replies.Where(reply => reply.StartsWith('-')))
        {
            Excuse(reply);
        }

        var isWritten = replies[0] == "+OK\r\n";
        if ((isWritten && replies[2][0] == '$' && replies[2] != RespFrame.Bulk($"{_number}")) || replies[1][0] is not (':' or '-') || replies[1] is [':', not '0', ..])
        {
            throw new InvalidOperationException($"{Name} got {string.Join(' ', replies)} for {_number}");
        }
    }
}
