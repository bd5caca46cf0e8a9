using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.CrossServer;

/// <summary>PFCOUNT over two servers counts what Redis counts, whatever the values look like.</summary>
public sealed class HyperLogLogTests() : TopologyTests(servers: 2, "cross_server: true")
{
    private RedisServer _plain = null!;

    [OneTimeSetUp]
    public void StartPlain() => _plain = RedisServer.Start();

    [OneTimeTearDown]
    public void EndPlain() => _plain?.Dispose();

    [SetUp]
    public void EmptyPlain() => _plain.Call("FLUSHALL");

    [Test]
    public void AnyNumberOfElements_CountsAsRedis()
    {
        using var plain = _plain.Connect();
        var added = 0;
        foreach (var count in new[] { 1, 2, 3, 5, 10, 50, 100, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000 })
        {
            var more = Enumerable.Range(added, count - added).ToLookup(i => i % 2, i => $"element:{i}");
            added = count;
            foreach (var elements in more)
            {
                Add(plain, Key(elements.Key), [.. elements]);
            }

            Assert.That(Client.Call("PFCOUNT", Key(0), Key(1)), Is.EqualTo(plain.Call("PFCOUNT", Key(0), Key(1))), $"{count}");
        }
    }

    [Test]
    public void SparseAndDenseTogether_CountAsRedis()
    {
        using var plain = _plain.Connect();
        Add(plain, Key(0), [.. Enumerable.Range(0, 20_000).Select(i => $"element:{i}")]);
        Add(plain, Key(1), "one");
        Add(plain, Key(1), "element:5");

        Assert.That(Servers[0].Call("PFDEBUG", "ENCODING", Key(0)) + Servers[1].Call("PFDEBUG", "ENCODING", Key(1)), Is.EqualTo("+dense\r\n+sparse\r\n"));
        Assert.That(Client.Call("PFCOUNT", Key(0), Key(1), Key(0)), Is.EqualTo(plain.Call("PFCOUNT", Key(0), Key(1), Key(0))));
    }

    [Test]
    public void CachedCountInTheHeader_IsNotUsed()
    {
        using var plain = _plain.Connect();
        for (var i = 0; i < 100; i++)
        {
            Add(plain, Key(i % 2), $"element:{i}");
        }

        // Valid, and wrong.
        foreach (var client in new[] { plain, Client })
        {
            client.Call("PFCOUNT", Key(0));
            client.Call("SETRANGE", Key(0), "8", "\x07\0\0\0\0\0\0\0");
        }

        Assert.That(Client.Call("PFCOUNT", Key(0)), Is.EqualTo(":7\r\n"));
        Assert.That(Client.Call("PFCOUNT", Key(0), Key(1)), Is.EqualTo(plain.Call("PFCOUNT", Key(0), Key(1))));
    }

    [Test]
    public void RandomlyDamagedValues_AreAnsweredAsByRedis()
    {
        using var plain = _plain.Connect();
        var random = new Random(11);
        var answers = new HashSet<string>();
        for (var round = 0; round < 400; round++)
        {
            plain.Call("DEL", Key(0), Key(1));
            Client.Call("DEL", Key(0), Key(1));
            var count = random.Next(2) == 0 ? 10 : 6000;
            foreach (var client in new[] { plain, Client })
            {
                client.Call(["PFADD", Key(0), .. Enumerable.Range(0, count).Select(i => $"{i}")]);
                client.Call("PFADD", Key(1), "a", "b");
            }

            var (command, arguments) = random.Next(4) switch
            {
                0 => ("APPEND", new[] { Key(0), Bytes(random, 4) }),
                1 => ("SETRANGE", [Key(0), $"{random.Next(5)}", Bytes(random, 1)]),
                2 => ("SETRANGE", [Key(0), $"{random.Next(16, 40)}", Bytes(random, 2)]),
                _ => ("SET", [Key(0), plain.Call("GETRANGE", Key(0), "0", $"{random.Next(14, 30)}").Split("\r\n", 2)[1][..^2]]),
            };
            plain.Call([command, .. arguments]);
            Client.Call([command, .. arguments]);

            var expected = plain.Call("PFCOUNT", Key(1), Key(0));
            Assert.That(Client.Call("PFCOUNT", Key(1), Key(0)), Is.EqualTo(expected), $"{command} {string.Join(' ', arguments.Select(Uri.EscapeDataString))}");
            answers.Add(expected.Split(' ')[0][..1] + (expected[0] == '-' ? expected.Split(' ')[0] : ""));
        }

        Assert.That(answers, Is.EquivalentTo(new[] { ":", "--WRONGTYPE", "--INVALIDOBJ" }));
    }

    private void Add(RespClient plain, string key, params string[] elements)
    {
        Client.Call(["PFADD", key, .. elements]);
        plain.Call(["PFADD", key, .. elements]);
    }

    private static string Bytes(Random random, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => (char)random.Next(256)));
}
