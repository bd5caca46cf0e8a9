using System.Net.Sockets;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Clients;

/// <summary>What clients do that one would rather not have: each method is one short life of such a client.</summary>
/// <remarks>
/// How long a client lives on in the middle of its habit is part of it, and drawn: nothing is waited for, and every length must do no harm.
/// </remarks>
internal static class MisbehavingClients
{
    private static readonly Action<RespClient, Random>[] Habits =
        [Poison, DieInFlight, LeaveInFlight, NeverRead, HalfSend, Garbage, QuitEarly, Nothing];

    public static void One(ProxyProcess proxy, Random random)
    {
        using var client = RespClient.Connect(proxy.File.Pools[0].EndPoint, receiveBuffer: 4096);
        try
        {
            Habits[random.Next(Habits.Length)](client, random);
        }
        catch (Exception problem) when (problem is SocketException or EndOfStreamException)
        {
            // Closed by the proxy, as it may be.
        }
    }

    private static void Poison(RespClient client, Random random)
    {
        client.Send([.. Load(random), .. "*2\r\n$03\r\nGET\r\n$1\r\na\r\n"u8]);
        client.ReadToEnd();
    }

    private static void DieInFlight(RespClient client, Random random)
    {
        client.Send(Load(random));
        client.Abort();
    }

    private static void LeaveInFlight(RespClient client, Random random) => client.Send(Load(random));

    private static void NeverRead(RespClient client, Random random)
    {
        var request = RespFrame.Request("GET", RedisTopology.Key(random.Next(3), 999));
        client.Send([.. Enumerable.Repeat(request, 200).SelectMany(bytes => bytes)]);
        LiveOn(random, mostMs: 300);
        client.Abort();
    }

    private static void HalfSend(RespClient client, Random random)
    {
        var load = Load(random);
        client.Send(load.AsSpan(0, random.Next(load.Length)));
        if (random.Next(2) == 0)
        {
            client.HalfClose();
            client.ReadToEnd();
        }
    }

    private static void Garbage(RespClient client, Random random)
    {
        var bytes = new byte[random.Next(1, 3000)];
        random.NextBytes(bytes);
        client.TrySend([.. Load(random), .. bytes]);
        LiveOn(random, mostMs: 20);
    }

    private static void QuitEarly(RespClient client, Random random)
    {
        client.Send([.. Load(random), .. RespFrame.Request("QUIT"), .. Load(random)]);
        client.ReadToEnd();
    }

    private static void Nothing(RespClient client, Random random) => LiveOn(random, mostMs: 50);

    private static void LiveOn(Random random, int mostMs) => Eventually.LetTimePass(TimeSpan.FromMilliseconds(random.Next(mostMs)));

    /// <summary>A pipeline over all servers, on keys of its own.</summary>
    private static byte[] Load(Random random)
    {
        var requests = Enumerable.Range(0, random.Next(1, 60))
            .Select(i => RespFrame.Request("SET", RedisTopology.Key(random.Next(3), 990 + random.Next(9)), $"foreign {i}"));
        return [.. requests.SelectMany(request => request)];
    }
}
