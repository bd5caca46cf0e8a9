using System.Text.RegularExpressions;
using Proxy.Testing;

namespace Proxy.IntegrationTests.PubSub;

/// <summary>
/// What several clients do in turn, and hear: <c>1 SUBSCRIBE a|2 PUBLISH a hello</c>. First held with a plain Redis, whose clients each get
/// a PING behind every step, so that it is known what the step brought them; then with the proxy.
/// </summary>
internal static partial class Conversation
{
    private const string Fence = "the end of the step";

    /// <summary>What each step brought each client.</summary>
    /// <param name="clients">New connections.</param>
    /// <param name="script">Steps, each with the number of its client, from 1.</param>
    public static List<List<string>[]> Hold(IReadOnlyList<RespClient> clients, string script)
    {
        var heard = new List<List<string>[]>();
        foreach (var step in script.Split('|'))
        {
            Send(clients, step);
            heard.Add([.. clients.Select(ReadToFence)]);
        }

        return heard;
    }

    /// <summary>Takes the same steps and reads as many frames; then sees that there are no more.</summary>
    public static List<List<string>[]> Repeat(IReadOnlyList<RespClient> clients, string script, List<List<string>[]> expected)
    {
        var heard = new List<List<string>[]>();
        foreach (var (step, frames) in script.Split('|').Zip(expected))
        {
            Send(clients, step);
            heard.Add([.. clients.Select((client, i) => frames[i].Select(_ => client.ReadReply()).ToList())]);
            if (!heard[^1].Zip(frames).All(pair => Text(pair.First) == Text(pair.Second)))
            {
                // Nothing after it would be comparable.
                return heard;
            }
        }

        heard.Add([.. clients.Select(ReadToFence)]);
        return heard;
    }

    /// <summary>As text, a line for each step and client. Redis's order of patterns that match the same channel is random.</summary>
    public static string Text(IEnumerable<List<string>[]> heard, string script) =>
        string.Join('\n', heard.Zip(script.Split('|').Append("(at the end)"))
            .SelectMany(step => step.First.Select((frames, i) => $"{step.Second} → {i + 1}: {Text(frames)}")));

    private static string Text(List<string> frames)
    {
        var sorted = frames.Where(IsOfPattern).Order(StringComparer.Ordinal).GetEnumerator();
        var text = string.Concat(frames.Select(frame => IsOfPattern(frame) && sorted.MoveNext() ? sorted.Current : frame));
        return ClientId().Replace(text, "id").Replace("\r\n", " ");
    }

    private static bool IsOfPattern(string frame) => frame.Contains("\r\npmessage\r\n", StringComparison.Ordinal);

    private static void Send(IReadOnlyList<RespClient> clients, string step) =>
        clients[step[0] - '1'].SendCommand(step[2..].Split(' '));

    private static List<string> ReadToFence(RespClient client)
    {
        var frames = new List<string>();
        client.SendCommand("PING", Fence);
        for (var frame = client.ReadReply(); !frame.Contains(Fence, StringComparison.Ordinal); frame = client.ReadReply())
        {
            frames.Add(frame);
        }

        return frames;
    }

    [GeneratedRegex("\\$2\r\nid\r\n:[0-9]+")]
    private static partial Regex ClientId();
}
