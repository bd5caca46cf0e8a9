using NUnit.Framework;
using Proxy.Testing;
using StackExchange.Redis;

namespace Proxy.IntegrationTests.ClientSide;

/// <summary>StackExchange.Redis, as applications use it, with no setting for the proxy.</summary>
public sealed class StackExchangeRedisTests
{
    private RedisTopology _topology = null!;
    private ConnectionMultiplexer _redis = null!;

    [OneTimeSetUp]
    public void Connect()
    {
        _topology = RedisTopology.Start(servers: 3);
        _redis = ConnectionMultiplexer.Connect(_topology.Proxy.File.Pools[0].Listen);
    }

    [OneTimeTearDown]
    public void End()
    {
        _redis?.Dispose();
        _topology?.Dispose();
    }

    [Test]
    public void SetAndGet() => Assert.That(RoundTrip(_redis), Is.EqualTo("value"));

    [TestCase(RedisProtocol.Resp2)]
    [TestCase(RedisProtocol.Resp3)]
    public void EitherProtocol(RedisProtocol protocol)
    {
        var options = ConfigurationOptions.Parse(_topology.Proxy.File.Pools[0].Listen);
        options.Protocol = protocol;
        using var redis = ConnectionMultiplexer.Connect(options);

        Assert.That(RoundTrip(redis), Is.EqualTo("value"));
    }

    [TestCase(null)]
    [TestCase(RedisProtocol.Resp2)]
    [TestCase(RedisProtocol.Resp3)]
    public async Task PublishAndSubscribe_EveryMessageInOrder(RedisProtocol? protocol)
    {
        var options = ConfigurationOptions.Parse(_topology.Proxy.File.Pools[0].Listen);
        options.Protocol = protocol ?? options.Protocol;
        using var redis = await ConnectionMultiplexer.ConnectAsync(options);
        var subscriber = redis.GetSubscriber();
        var messages = await subscriber.SubscribeAsync(RedisChannel.Literal($"news:{protocol}"));
        var matching = await subscriber.SubscribeAsync(RedisChannel.Pattern($"news:{protocol}*"));

        for (var i = 0; i < 100; i++)
        {
            Assert.That(await subscriber.PublishAsync(RedisChannel.Literal($"news:{protocol}"), i), Is.EqualTo(2), "receivers");
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        foreach (var queue in new[] { messages, matching })
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.That((int)(await queue.ReadAsync(deadline.Token)).Message, Is.EqualTo(i));
            }
        }

        await subscriber.UnsubscribeAllAsync();
        Eventually.True(() => redis.GetDatabase().Publish(RedisChannel.Literal($"news:{protocol}"), "x") == 0, "nobody is subscribed");
    }

    [Test]
    public async Task Pipeline_OfThousands_AllRight()
    {
        var database = _redis.GetDatabase();
        await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => database.StringSetAsync($"pipelined:{i}", i)));

        var values = await Task.WhenAll(Enumerable.Range(0, 3000).Select(i => database.StringGetAsync($"pipelined:{i}")));

        Assert.That(values.Select(value => (int)value), Is.EqualTo(Enumerable.Range(0, 3000)));
    }

    [Test]
    public async Task Transaction_RunsAsAWhole()
    {
        var transaction = _redis.GetDatabase().CreateTransaction();
        var set = transaction.StringSetAsync("transaction:1", 1);
        var increment = transaction.StringIncrementAsync("transaction:1");
        var push = transaction.ListRightPushAsync("transaction:2", ["x", "y"]);

        Assert.That(await transaction.ExecuteAsync(), Is.True);
        Assert.That((await set, await increment, await push), Is.EqualTo((true, 2L, 2L)));
    }

    [Test]
    public async Task OptimisticLock_CountsEveryStep()
    {
        var database = _redis.GetDatabase();
        database.StringSet("count:1", 0);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async worker =>
        {
            for (var counted = 0; counted < 25;)
            {
                var seen = await database.StringGetAsync("count:1");
                var transaction = database.CreateTransaction();
                transaction.AddCondition(Condition.StringEqual("count:1", seen));
                _ = transaction.StringSetAsync("count:1", (int)seen + 1);
                counted += await transaction.ExecuteAsync() ? 1 : 0;
            }
        }));

        Assert.That((int)database.StringGet("count:1"), Is.EqualTo(100));
    }

    [Test]
    public async Task BlockingPop_OnAConnectionOfItsOwn_GetsWhatIsPushed()
    {
        using var waiting = await ConnectionMultiplexer.ConnectAsync(_topology.Proxy.File.Pools[0].Listen);
        Assert.That((await waiting.GetDatabase().ExecuteAsync("BLPOP", "queue:1", "0.1")).IsNull, Is.True);

        var popped = waiting.GetDatabase().ExecuteAsync("BLPOP", "queue:1", "4");
        _redis.GetDatabase().ListRightPush("queue:1", "work");

        Assert.That((string[]?)await popped, Is.EqualTo(new[] { "queue:1", "work" }));
    }

    [Test]
    public async Task ServersRestart_GoesOnWithNothingDone()
    {
        using var topology = RedisTopology.Start(servers: 2);
        using var redis = await ConnectionMultiplexer.ConnectAsync(topology.Proxy.File.Pools[0].Listen);
        var subscriber = redis.GetSubscriber();
        var messages = await subscriber.SubscribeAsync(RedisChannel.Literal("after"));

        foreach (var server in topology.Servers)
        {
            server.Restart();
        }

        Eventually.True(() => RoundTrip(redis) == "value", "requests");
        Eventually.True(() => subscriber.Publish(RedisChannel.Literal("after"), "again") == 1, "subscriptions");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.That((string?)(await messages.ReadAsync(deadline.Token)).Message, Is.EqualTo("again"));
    }

    [Test]
    public void ManyKeysAtOnce()
    {
        var database = _redis.GetDatabase();
        var keys = Enumerable.Range(0, 30).Select(i => (RedisKey)$"many:{i * 100}").ToArray();

        database.StringSet([.. keys.Select((key, i) => new KeyValuePair<RedisKey, RedisValue>(key, i))]);

        Assert.That(database.StringGet(keys).Select(value => (int)value), Is.EqualTo(Enumerable.Range(0, 30)));
        Assert.That(database.KeyDelete(keys), Is.EqualTo(30));
    }

    [Test]
    public void ScriptOfOneKey_LoadsAndRuns()
    {
        var database = _redis.GetDatabase();

        var result = database.ScriptEvaluate("return redis.call('incrby', KEYS[1], ARGV[1])", ["script:1"], [5]);

        Assert.That((int)result, Is.GreaterThanOrEqualTo(5));
    }

    [Test]
    public async Task ThousandMixedCommands_AllRight()
    {
        var database = _redis.GetDatabase();
        await Task.WhenAll(Enumerable.Range(0, 125).Select(async i =>
        {
            var (text, hash, scores) = ($"mixed:{i * 24}", $"mixed:hash:{i * 24}", $"mixed:scores:{i * 24}");
            Assert.That(await database.StringSetAsync(text, i, TimeSpan.FromMinutes(1)), Is.True);
            Assert.That(await database.StringIncrementAsync(text, 5), Is.EqualTo(i + 5));
            Assert.That((int)await database.StringGetAsync(text), Is.EqualTo(i + 5));
            await database.HashSetAsync(hash, [new HashEntry("a", i), new HashEntry("b", "x")]);
            Assert.That(await database.HashGetAllAsync(hash), Is.EquivalentTo(new[] { new HashEntry("a", i), new HashEntry("b", "x") }));
            Assert.That(await database.SortedSetAddAsync(scores, "m", i / 2.0), Is.True);
            Assert.That(await database.SortedSetScoreAsync(scores, "m"), Is.EqualTo(i / 2.0));
            Assert.That(await database.KeyDeleteAsync([text, hash, scores]), Is.EqualTo(3));
        }));
    }

    [Test]
    public async Task Keys_FindsEveryKeyOfAllServers()
    {
        var database = _redis.GetDatabase(3);
        var keys = Enumerable.Range(0, 300).Select(i => $"found:{i * 10}").ToList();
        await Task.WhenAll(keys.Select(key => database.StringSetAsync(key, 1)));
        var server = _redis.GetServers().Single();

        Assert.That(server.Keys(3, "found:*", pageSize: 50).Select(key => (string?)key).Distinct(), Is.EquivalentTo(keys));
        Assert.That(server.DatabaseSize(3), Is.EqualTo(300));
        Assert.That(keys, Does.Contain((string?)database.KeyRandom()));
    }

    [Test]
    public async Task PreparedScript_IsLoadedOnceAndRunsOnEveryServer()
    {
        var loaded = await LuaScript.Prepare("return redis.call('incrby', @key, @by)").LoadAsync(_redis.GetServers().Single());
        for (var i = 0; i < 30; i++)
        {
            var result = await loaded.EvaluateAsync(_redis.GetDatabase(), new { key = (RedisKey)$"prepared:{i * 100}", by = i });

            Assert.That((int)result, Is.EqualTo(i));
        }
    }

    [Test]
    public void RefusedCommand_IsAnExceptionAndTheConnectionStays()
    {
        var database = _redis.GetDatabase();

        Assert.That(() => database.Execute("FAILOVER"), Throws.InstanceOf<RedisServerException>());
        Assert.That(database.Ping(), Is.GreaterThan(TimeSpan.Zero));
    }

    private static string? RoundTrip(ConnectionMultiplexer redis)
    {
        var database = redis.GetDatabase();
        database.StringSet("round trip", "value", TimeSpan.FromMinutes(1));
        return database.StringGet("round trip");
    }
}
