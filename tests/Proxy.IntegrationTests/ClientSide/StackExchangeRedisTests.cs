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
        var options = ConfigurationOptions.Parse(_topology.Proxy.File.Pools[0].Listen);
        options.Protocol = RedisProtocol.Resp2;
        _redis = ConnectionMultiplexer.Connect(options);
    }

    [OneTimeTearDown]
    public void End()
    {
        _redis?.Dispose();
        _topology?.Dispose();
    }

    [Test]
    public void SetAndGet() => Assert.That(RoundTrip(_redis), Is.EqualTo("value"));

    [Test]
    public void DefaultProtocol_FallsBackToResp2()
    {
        using var redis = ConnectionMultiplexer.Connect(_topology.Proxy.File.Pools[0].Listen);

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
    public void UnsupportedCommand_IsAnExceptionAndTheConnectionStays()
    {
        var database = _redis.GetDatabase();

        Assert.That(() => database.KeyRandom(), Throws.InstanceOf<RedisServerException>());
        Assert.That(database.Ping(), Is.GreaterThan(TimeSpan.Zero));
    }

    private static string? RoundTrip(ConnectionMultiplexer redis)
    {
        var database = redis.GetDatabase();
        database.StringSet("round trip", "value", TimeSpan.FromMinutes(1));
        return database.StringGet("round trip");
    }
}
