using Proxy.Testing;

namespace Proxy.IntegrationTests.Blocking.Stress;

/// <summary>
/// Clients that block on lists of their own and go away in all manners; some time later an element is pushed to each list, and has to stay there.
/// </summary>
internal sealed class VanishingClients(RedisTopology topology, int perRound)
{
    /// <summary>How long after a client went away its server may still know of it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly List<(int Server, string Key)> _lists = [];
    private int _count;

    /// <summary>Lists to which an element was pushed after their client had gone.</summary>
    public IReadOnlyList<(int Server, string Key)> Lists => _lists;

    /// <summary>One round: they come, block, and go.</summary>
    public void Round()
    {
        using var operatorClient = topology.Connect();
        var clients = new List<(RespClient Client, int Server, string Key, string Id)>();
        for (var i = 0; i < perRound; i++)
        {
            var client = topology.Connect();
            var server = _count % topology.Servers.Count;
            var key = $"{{{RedisTopology.Key(server)}}}own:{_count++}";
            var id = client.Call("CLIENT", "ID")[1..^2];
            clients.Add((client, server, key, id));
            client.SendCommand("BLPOP", key, "0");
            if (i % 4 == 0)
            {
                // Some have no time to get there.
                client.SendCommand("PING");
                GoAway(client, operatorClient, id, i);
            }
        }

        Eventually.LetTimePass(TimeSpan.FromMilliseconds(50));
        for (var i = 0; i < clients.Count; i++)
        {
            if (i % 4 != 0)
            {
                GoAway(clients[i].Client, operatorClient, clients[i].Id, i);
            }
        }

        Eventually.LetTimePass(Grace);
        foreach (var (client, server, key, _) in clients)
        {
            client.Dispose();
            if (operatorClient.Call("RPUSH", key, "e") == ":1\r\n")
            {
                _lists.Add((server, key));
            }
        }
    }

    private static void GoAway(RespClient client, RespClient operatorClient, string id, int number)
    {
        switch (number % 5)
        {
            case 0:
                operatorClient.Call("CLIENT", "KILL", "ID", id);
                break;
            case 1:
                client.Abort();
                break;
            case 2:
                client.HalfClose();
                break;
            case 3:
                operatorClient.Call("CLIENT", "UNBLOCK", id);
                client.Dispose();
                break;
            default:
                client.Dispose();
                break;
        }
    }
}
