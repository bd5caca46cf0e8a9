using FreeRedis;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.ClientSide;

/// <summary>FreeRedis, as applications use it, with no setting for the proxy.</summary>
public sealed class FreeRedisTests
{
    private const string Add = "return redis.call('incrby', KEYS[1], ARGV[1])";

    private SpreadTopology _topology = null!;
    private RedisClient _redis = null!;

    [OneTimeSetUp]
    public void Connect()
    {
        _topology = new SpreadTopology();
        _redis = new RedisClient($"127.0.0.1:{_topology.Port}");
    }

    [OneTimeTearDown]
    public void End()
    {
        _redis?.Dispose();
        _topology?.Dispose();
    }

    [Test]
    public void ThousandMixedCommands_AllRight()
    {
        for (var i = 0; i < 125; i++)
        {
            var (text, hash, scores) = ($"mixed:{i}", $"mixed:hash:{i}", $"mixed:scores:{i}");
            _redis.Set(text, i, 100);
            Assert.That(_redis.IncrBy(text, 5), Is.EqualTo(i + 5));
            Assert.That(_redis.Get<int>(text), Is.EqualTo(i + 5));
            Assert.That(_redis.HSet(hash, "a", $"{i}", "b", "x"), Is.EqualTo(2));
            Assert.That(_redis.HGetAll(hash), Is.EqualTo(new Dictionary<string, string> { ["a"] = $"{i}", ["b"] = "x" }));
            Assert.That(_redis.ZAdd(scores, i / 2m, "m"), Is.EqualTo(1));
            Assert.That(_redis.ZScore(scores, "m"), Is.EqualTo(i / 2m));
            Assert.That(_redis.Del(text, hash, scores), Is.EqualTo(3));
        }
    }

    [Test]
    public void Pipeline_OfThousands_AllRight()
    {
        using var commands = _redis.StartPipe();
        for (var i = 0; i < 1000; i++)
        {
            commands.Set($"pipelined:{i}", i);
            commands.Get($"pipelined:{i}");
        }

        var replies = commands.EndPipe();

        Assert.That(replies.Where((_, i) => i % 2 == 1), Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"{i}")));
    }

    [Test]
    public void Transaction_RunsAsAWhole()
    {
        using var transaction = _redis.Multi();
        transaction.Set("{t}1", 1);
        transaction.IncrBy("{t}1", 1);
        transaction.RPush("{t}2", "x", "y");

        Assert.That(transaction.Exec().Skip(1), Is.EqualTo(new object[] { 2L, 2L }));
    }

    [Test]
    public void WatchedKeyChanges_TransactionIsNotRun()
    {
        using var transaction = _redis.Multi();
        transaction.Watch("{w}1");
        _redis.Set("{w}1", "other");
        transaction.Set("{w}1", "own");

        Assert.That(transaction.Exec(), Is.Null);
        Assert.That(_redis.Get("{w}1"), Is.EqualTo("other"));
    }

    [Test]
    public void PublishAndSubscribe_EveryMessageInOrder()
    {
        var heard = new List<string>();
        using (_redis.Subscribe("news", (_, message) =>
        {
            lock (heard)
            {
                heard.Add($"{message}");
            }
        }))
        {
            Eventually.True(() => _redis.PubSubNumSub("news") == 1, "the subscription");
            for (var i = 0; i < 100; i++)
            {
                Assert.That(_redis.Publish("news", $"{i}"), Is.EqualTo(1), "receivers");
            }

            Eventually.True(() => Count(heard) == 100, "all messages");
        }

        Assert.That(heard, Is.EqualTo(Enumerable.Range(0, 100).Select(i => $"{i}")));
        Eventually.True(() => _redis.Publish("news", "nobody") == 0, "nobody is subscribed");
    }

    [Test]
    public async Task BlockingPop_GetsWhatIsPushed()
    {
        Assert.That(_redis.BLPop("{q}queue", 1), Is.Null);

        var popped = Task.Run(() => _redis.BLPop(["{q}other", "{q}queue"], 5));
        _redis.RPush("{q}queue", "work");

        Assert.That((await popped).value, Is.EqualTo("work"));
    }

    [Test]
    public void Scan_FindsEveryKey()
    {
        var keys = Enumerable.Range(0, 1000).Select(i => $"scanned:{i}").ToList();
        keys.ForEach(key => _redis.Set(key, "x"));

        var found = _redis.Scan("scanned:*", 100, "string").SelectMany(page => page).Distinct();

        Assert.That(found, Is.EquivalentTo(keys));
    }

    [Test]
    public void Script_LoadsAndRunsOnEveryServer()
    {
        var loaded = _redis.ScriptLoad(Add);

        Assert.That(_redis.ScriptExists(loaded), Is.True);
        for (var i = 0; i < 50; i++)
        {
            Assert.That(_redis.Eval(Add, [$"script:{i}"], i), Is.EqualTo(i));
            Assert.That(_redis.EvalSha(loaded, [$"script:{i}"], i), Is.EqualTo(2 * i));
        }
    }

    [Test]
    public void ServersRestart_GoesOnWithNothingDone()
    {
        using var topology = new SpreadTopology();
        using var redis = new RedisClient($"127.0.0.1:{topology.Port}");
        var loaded = redis.ScriptLoad(Add);
        var heard = 0;
        using var subscription = redis.Subscribe("after", (_, _) => Interlocked.Increment(ref heard));
        redis.Set("before", 1);
        Eventually.True(() => redis.PubSubNumSub("after") == 1, "the first subscription");

        topology.RestartServers();

        Eventually.True(() => redis.Get("before") is null, "the data are gone");
        for (var i = 0; i < 50; i++)
        {
            Eventually.True(() => (long)redis.EvalSha(loaded, [$"script:{i}"], 1) > 0, "the script");
        }

        Eventually.True(() => redis.Publish("after", "again") == 1, "the subscription");
        Eventually.True(() => Volatile.Read(ref heard) == 1, "the message");
    }

    private static int Count(List<string> heard)
    {
        lock (heard)
        {
            return heard.Count;
        }
    }
}
