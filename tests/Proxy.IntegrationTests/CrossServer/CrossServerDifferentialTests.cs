using System.Text;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.CrossServer;

/// <summary>Commands over keys on three servers are answered as by one Redis that has all the keys, byte for byte; of sets in any order.</summary>
public sealed class CrossServerDifferentialTests
{
    private RedisServer _plain = null!;
    private RedisTopology _topology = null!;

    [OneTimeSetUp]
    public void Start()
    {
        _plain = RedisServer.Start();
        _topology = RedisTopology.Start(servers: 3, "cross_server: true");
    }

    [OneTimeTearDown]
    public void End()
    {
        _topology?.Dispose();
        _plain?.Dispose();
    }

    [TestCase(2)]
    [TestCase(3)]
    public void RandomCommands_RepliesEqualThoseOfPlainRedis(int respVersion)
    {
        for (var round = 0; round < 6; round++)
        {
            Compare(Random.Shared.Next(), respVersion, 600);
        }
    }

    [Category("Long")]
    [TestCase(2)]
    [TestCase(3)]
    public void ManyRandomCommands_RepliesEqualThoseOfPlainRedis(int respVersion)
    {
        for (var round = 0; round < 60; round++)
        {
            Compare(Random.Shared.Next(), respVersion, 3000);
        }
    }

    [TestCase(2)]
    [TestCase(3)]
    public void LargeData_RepliesEqualThoseOfPlainRedis(int respVersion)
    {
        using var plain = Connect(_plain.Connect(), respVersion);
        using var proxy = Connect(_topology.Connect(), respVersion);
        plain.Call("FLUSHALL");
        _topology.Flush();
        var random = new Random(respVersion);
        for (var server = 0; server < 3; server++)
        {
            foreach (var client in new[] { plain, proxy })
            {
                var same = new Random(server);
                client.Call(["SADD", $"e:{server * 1000}", .. Enumerable.Range(0, 20_000).Select(_ => $"member:{same.Next(40_000)}")]);
                client.Call(["ZADD", $"z:{server * 1000}", .. Enumerable.Range(0, 20_000).SelectMany(_ => new[] { $"{same.NextDouble():R}", $"member:{same.Next(40_000)}" })]);
                client.Call(["PFADD", $"p:{server * 1000}", .. Enumerable.Range(0, 20_000).Select(_ => $"member:{same.Next(400_000)}")]);
                client.Call("SET", $"s:{server * 1000}", string.Concat(Enumerable.Range(0, 3000).Select(_ => (char)same.Next('a', 'f'))));
            }
        }

        string[] requests =
        [
            "SUNION e:0 e:1000 e:2000", "SINTER e:0 e:1000 e:2000", "SDIFF e:0 e:1000 e:2000", "SINTERCARD 3 e:0 e:1000 e:2000",
            "ZUNION 3 z:0 z:1000 z:2000 WITHSCORES WEIGHTS 0.1 0.7 1.3", "ZINTER 3 z:0 z:1000 e:2000 WITHSCORES", "ZDIFF 2 z:0 z:1000 WITHSCORES",
            "ZINTERCARD 2 z:0 z:1000", "PFCOUNT p:0 p:1000 p:2000", "LCS s:0 s:1000", "LCS s:0 s:1000 LEN", "LCS s:2000 s:1000 IDX WITHMATCHLEN",
        ];
        foreach (var request in requests.OrderBy(_ => random.Next()))
        {
            CompareReplies(request.Split(' '), plain, proxy);
        }
    }

    private void Compare(int seed, int respVersion, int count)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        using var plain = Connect(_plain.Connect(), respVersion);
        using var proxy = Connect(_topology.Connect(), respVersion);
        plain.Call("FLUSHALL");
        _topology.Flush();
        var commands = new RandomCrossServerCommands(new Random(seed));
        foreach (var write in commands.Data().Concat(commands.CommonData()))
        {
            Assert.That(proxy.Call(write), Is.EqualTo(plain.Call(write)), write[0]);
        }

        for (var i = 0; i < count; i++)
        {
            CompareReplies(commands.Next(), plain, proxy);
        }
    }

    private static void CompareReplies(string[] request, RespClient plain, RespClient proxy)
    {
        var expected = Comparable(request[0], plain.Call(request));
        var actual = Comparable(request[0], proxy.Call(request));
        if (actual != expected)
        {
            Assert.Fail($"{Shown(string.Join(' ', request))}\nplain Redis: {Shown(expected)}\nthe proxy:   {Shown(actual)}");
        }
    }

    private static RespClient Connect(RespClient client, int respVersion)
    {
        client.Call("HELLO", $"{respVersion}");
        return client;
    }

    /// <summary>A set has no order.</summary>
    private static string Comparable(string command, string reply)
    {
        if (command is not ("SUNION" or "SINTER" or "SDIFF") || reply[0] is not ('*' or '~'))
        {
            return reply;
        }

        var bytes = Encoding.Latin1.GetBytes(reply);
        var at = reply.IndexOf('\n', StringComparison.Ordinal) + 1;
        var members = new List<string>();
        for (var start = at; start < bytes.Length;)
        {
            var length = RespFrame.Length(bytes.AsSpan(start));
            members.Add(reply.Substring(start, length));
            start += length;
        }

        members.Sort(StringComparer.Ordinal);
        return reply[..at] + string.Concat(members);
    }

    private static string Shown(string bytes)
    {
        var text = new StringBuilder();
        foreach (var character in bytes.AsSpan(0, Math.Min(bytes.Length, 1500)))
        {
            text.Append(character is >= ' ' and <= '~' ? character : $"\\x{(int)character:x2}");
        }

        return text.ToString();
    }
}
