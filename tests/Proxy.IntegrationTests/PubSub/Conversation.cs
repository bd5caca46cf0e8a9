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
        var transactions = new bool[clients.Count];
        foreach (var step in script.Split('|'))
        {
            Send(clients, step);
            heard.Add([.. clients.Select((client, i) => Listen(client, i == Actor(step) ? Command(step) : null, ref transactions[i]))]);
        }

        return heard;
    }

    /// <summary>Takes the same steps and reads as many frames; then sees that there are no more.</summary>
    public static List<List<string>[]> Repeat(IReadOnlyList<RespClient> clients, string script, List<List<string>[]> expected)
    {
        var heard = new List<List<string>[]>();
        var transactions = new bool[clients.Count];
        foreach (var (step, frames) in script.Split('|').Zip(expected))
        {
            Send(clients, step);
            heard.Add([.. clients.Select((client, i) => frames[i].Select(_ => client.ReadReply()).ToList())]);
            if (!heard[^1].Zip(frames).All(pair => Text(pair.First) == Text(pair.Second)))
            {
                // Nothing after it would be comparable.
                return heard;
            }

            ref var isInTransaction = ref transactions[Actor(step)];
            isInTransaction = IsInTransaction(Command(step), isInTransaction, () => frames[Actor(step)][0]);
        }

        heard.Add([.. clients.Select((client, i) => Listen(client, command: null, ref transactions[i]))]);
        return heard;
    }

    /// <summary>Reads what a step brought a client, by a fence behind it.</summary>
    /// <param name="client">It has nothing else under way.</param>
    /// <param name="command">What it sent, if it was its step.</param>
    /// <param name="isInTransaction">Whether MULTI is open, before the step and after it.</param>
    public static List<string> Listen(RespClient client, string? command, ref bool isInTransaction)
    {
        var frames = new List<string>();
        isInTransaction = IsInTransaction(command, isInTransaction, () =>
        {
            frames.Add(client.ReadReply());
            return frames[0];
        });

        // While a transaction is open, WATCH is what is answered at once and changes nothing.
        client.SendCommand(isInTransaction ? "WATCH" : "PING", Fence);
        for (var frame = client.ReadReply(); !IsFence(frame); frame = client.ReadReply())
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>As text, a line for each step and client. Redis's order of patterns that match the same channel is random.</summary>
    public static string Text(IEnumerable<List<string>[]> heard, string script) =>
        string.Join('\n', heard.Zip(script.Split('|').Append("(at the end)"))
            .SelectMany(step => step.First.Select((frames, i) => $"{step.Second} → {i + 1}: {Text(frames)}")));

    /// <summary>What one client heard. Numbers of clients differ, and the order of patterns that match the same channel is random.</summary>
    public static string Text(List<string> frames)
    {
        var sorted = frames.Where(IsOfPattern).Order(StringComparer.Ordinal).GetEnumerator();
        var text = string.Concat(frames.Select(frame => IsOfPattern(frame) && sorted.MoveNext() ? sorted.Current : frame));
        return ClientId().Replace(text, "id").Replace("\r\n", " ");
    }

    private static bool IsOfPattern(string frame) => frame.Contains("\r\npmessage\r\n", StringComparison.Ordinal);

    private static int Actor(string step) => step[0] - '1';

    private static string Command(string step) => step.Split(' ')[1];

    private static void Send(IReadOnlyList<RespClient> clients, string step) => clients[Actor(step)].SendCommand(step[2..].Split(' '));

    private static bool IsInTransaction(string? command, bool before, Func<string> reply) => command switch
    {
        "MULTI" => reply() == "+OK\r\n" || before,
        "EXEC" or "DISCARD" or "RESET" => false,
        _ => before,
    };

    private static bool IsFence(string frame) =>
        frame.Contains(Fence, StringComparison.Ordinal) || frame == "-ERR WATCH inside MULTI is not allowed\r\n";

    [GeneratedRegex("\\$2\r\nid\r\n:[0-9]+")]
    private static partial Regex ClientId();
}
