using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.Differential;

/// <summary>
/// The proxy with servers behind it is one Redis: thousands of random requests, pipelined and cut at random, go to it and to a plain Redis;
/// the replies are equal byte for byte.
/// </summary>
public sealed partial class DifferentialTests
{
    [TestCase(1, "modula")]
    [TestCase(3, "ketama")]
    [TestCase(3, "modula", "server_connections: 3")]
    [TestCase(5, "slots")]
    public void RandomRequests_RepliesEqualThoseOfPlainRedis(int servers, string distribution, params string[] poolKeys) =>
        Compare(servers, distribution, poolKeys, Random.Shared.Next(), 3000);

    [TestCase(1, "modula")]
    [TestCase(3, "ketama", "server_connections: 3")]
    public void RandomRequestsInResp3_RepliesEqualThoseOfPlainRedis(int servers, string distribution, params string[] poolKeys) =>
        Compare(servers, distribution, poolKeys, Random.Shared.Next(), 3000, respVersion: 3);

    [TestCase(1, "modula")]
    [TestCase(3, "ketama", "server_connections: 3")]
    public void RandomRequestsInManyDatabasesAndBothVersions_RepliesEqualThoseOfPlainRedis(
        int servers, string distribution, params string[] poolKeys) =>
        Compare(servers, distribution, poolKeys, Random.Shared.Next(), 3000, changesSession: true);

    [Category("Long")]
    [TestCase(1, "ketama")]
    [TestCase(4, "ketama", "server_connections: 2")]
    public void ManyRandomRequests_RepliesEqualThoseOfPlainRedis(int servers, string distribution, params string[] poolKeys)
    {
        for (var round = 0; round < 4; round++)
        {
            Compare(servers, distribution, poolKeys, Random.Shared.Next(), 20_000, respVersion: 2 + (round % 2), changesSession: round > 1);
        }
    }

    private static void Compare(
        int servers, string distribution, string[] poolKeys, int seed, int count, int respVersion = 2, bool changesSession = false)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        using var plain = RedisServer.Start();
        var behind = Enumerable.Range(0, servers).Select(_ => RedisServer.Start()).ToList();
        try
        {
            using var proxy = ProxyProcess.Start(new ProxyFile
            {
                Pools =
                [
                    new PoolText
                    {
                        Servers = [.. behind.Select(server => server.Address)],
                        Distribution = distribution,
                        Keys = ["hash_tag: \"{}\"", .. poolKeys],
                    },
                ],
            });
            using var toPlain = plain.Connect();
            using var toProxy = proxy.Connect();
            Assert.That(
                SameIds(toProxy.Call("HELLO", $"{respVersion}")), Is.EqualTo(SameIds(toPlain.Call("HELLO", $"{respVersion}"))), "greeting");
            foreach (var request in RandomCommands.Prepare)
            {
                Assert.That(toProxy.Call(request), Is.EqualTo(toPlain.Call(request)), request[0]);
            }

            Compare(toPlain, toProxy, new RandomCommands(new Random(seed), changesSession, oneServer: servers == 1), new Random(seed), count);
        }
        finally
        {
            behind.ForEach(server => server.Dispose());
        }
    }

    private static void Compare(RespClient plain, RespClient proxy, RandomCommands commands, Random random, int count)
    {
        for (var done = 0; done < count;)
        {
            var batch = Enumerable.Range(0, random.Next(1, 120)).Select(_ => commands.Next()).ToList();
            var bytes = batch.SelectMany(request => RespFrame.Request(request)).ToArray();
            var pieces = Cut(bytes, random);
            var sender = Task.Run(() => pieces.ForEach(piece => proxy.Send(piece)));
            var plainSender = Task.Run(() => plain.Send(bytes));
            for (var i = 0; i < batch.Count; i++)
            {
                var expected = Comparable(batch[i], plain.ReadReply());
                var actual = Comparable(batch[i], proxy.ReadReply());
                if (actual != expected)
                {
                    Assert.Fail(
                        $"request {done + i}: {Shown(string.Join(' ', batch[i]))}\n"
                        + $"plain Redis: {Shown(expected)}\nthe proxy:   {Shown(actual)}");
                }
            }

            Task.WaitAll(sender, plainSender);
            done += batch.Count;
        }
    }

    private static List<byte[]> Cut(byte[] bytes, Random random)
    {
        var pieces = new List<byte[]>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, random.Next(4) == 0 ? random.Next(1, 40) : random.Next(1, 50_000));
            pieces.Add(bytes[at..(at + length)]);
            at += length;
        }

        return pieces;
    }

    private static string Comparable(string[] request, string reply) => request[0] is "KEYS" or "SCAN" or "CONFIG" or "FUNCTION" or "XPENDING"
        ? Reply.Comparable(request, reply)
        : SameIds(reply);

    // HELLO tells the client's number, which differs.
    private static string SameIds(string reply) => reply.Contains("\r\nid\r\n:", StringComparison.Ordinal) ? ClientId().Replace(reply, "id :0") : reply;

    [GeneratedRegex("\\$2\r\nid\r\n:[0-9]+")]
    private static partial Regex ClientId();

    private static string Shown(string bytes)
    {
        var text = new StringBuilder();
        foreach (var character in bytes.AsSpan(0, Math.Min(bytes.Length, 400)))
        {
            text.Append(character is >= ' ' and <= '~' ? character : $"\\x{(int)character:x2}");
        }

        return text.ToString();
    }
}
