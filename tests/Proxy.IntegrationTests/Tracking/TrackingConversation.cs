using System.Text.RegularExpressions;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Tracking;

/// <summary>
/// What several clients do in turn, and hear: <c>1 GET a|2 SET a 1</c>. A step may be several requests, which are sent at once:
/// <c>1 MULTI;GET a;EXEC</c>. <c>$2</c> stands for the number of client 2 (CLIENT ID). First held with a plain Redis, whose clients each get
/// a PING behind every step, so that it is known what the step brought them; then with the proxy.
/// </summary>
internal static partial class TrackingConversation
{
    private const string Fence = "the end of the step";

    /// <summary>What each step brought each client.</summary>
    /// <param name="clients">New connections.</param>
    /// <param name="script">Steps, each with the number of its client, from 1.</param>
    public static List<List<string>[]> Hold(IReadOnlyList<RespClient> clients, string script)
    {
        var heard = new List<List<string>[]>();
        var ids = IdsOf(clients, script);
        foreach (var step in script.Split('|'))
        {
            Send(clients, ids, step);

            // First the one that did it: only then the others have heard of it. Twice, because what Redis says at the end of a turn may come
            // behind the first PING.
            var actor = step[0] - '1';
            List<string> own = [.. ReadToFence(clients[actor]), .. ReadToFence(clients[actor])];
            heard.Add([.. clients.Select((client, i) => Named(i == actor ? own : ReadToFence(client), ids))]);
        }

        return heard;
    }

    /// <summary>Takes the same steps and reads as many frames; then sees that there are no more.</summary>
    public static List<List<string>[]> Repeat(IReadOnlyList<RespClient> clients, string script, List<List<string>[]> expected)
    {
        var heard = new List<List<string>[]>();
        var ids = IdsOf(clients, script);
        foreach (var (step, frames) in script.Split('|').Zip(expected))
        {
            Send(clients, ids, step);
            heard.Add([.. clients.Select((client, i) => Named([.. frames[i].Select(_ => client.ReadReply())], ids))]);
            if (!heard[^1].Zip(frames).All(pair => Text(pair.First) == Text(pair.Second)))
            {
                // Nothing after it would be comparable.
                return heard;
            }
        }

        heard.Add([.. clients.Select(ReadToFence)]);
        return heard;
    }

    /// <summary>As text, a line for each step and client.</summary>
    public static string Text(IEnumerable<List<string>[]> heard, string script) =>
        string.Join('\n', heard.Zip(script.Split('|').Append("(at the end)"))
            .SelectMany(step => step.First.Select((frames, i) => $"{step.Second} → {i + 1}: {Text(frames)}")));

    private static string Text(List<string> frames) => ClientId().Replace(string.Concat(frames), "id").Replace("\r\n", " ");

    private static void Send(IReadOnlyList<RespClient> clients, List<string> ids, string step)
    {
        var text = NumberOfClient().Replace(step[2..], number => ids[number.Value[1] - '1']);
        clients[step[0] - '1'].Send([.. text.Split(';').SelectMany(request => RespFrame.Request(request.Split(' ')))]);
    }

    /// <summary>The numbers of the clients if the script speaks of them.</summary>
    private static List<string> IdsOf(IReadOnlyList<RespClient> clients, string script) =>
        script.Contains('$', StringComparison.Ordinal) ? [.. clients.Select(client => client.Call("CLIENT", "ID").Trim(':', '\r', '\n'))] : [];

    private static List<string> Named(List<string> frames, List<string> ids) =>
        [.. frames.Select(frame => ids.Select((id, i) => (id, i)).Aggregate(
            frame, (text, client) => text.Replace($":{client.id}\r\n", $":client {client.i + 1}\r\n", StringComparison.Ordinal)))];

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

    [GeneratedRegex("\\$[1-9]")]
    private static partial Regex NumberOfClient();

    [GeneratedRegex("\\$2\r\nid\r\n:[0-9]+")]
    private static partial Regex ClientId();
}
