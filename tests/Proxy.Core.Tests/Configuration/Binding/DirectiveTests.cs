using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Binding;

/// <summary>Single directives of a pool: their types and their words.</summary>
[TestFixture]
internal sealed class DirectiveTests
{
    private static readonly string[] Numbers =
    [
        "timeout", "backlog", "redis_db", "client_connections", "server_connections", "server_retry_timeout", "server_failure_limit",
        "client_pipeline_limit", "server_queue_limit", "leased_connections",
    ];

    private static readonly string[] Flags = ["tcpkeepalive", "reuseport", "preconnect", "redis", "auto_eject_hosts"];

    private static readonly string[] Times = ["server_hard_timeout", "connect_timeout", "client_idle_timeout", "client_stall_timeout"];

    private static readonly string[] Sizes = ["client_output_limit", "subscriber_output_limit", "max_request_size"];

    [TestCaseSource(nameof(Numbers))]
    public void Rejects_NumberThatIsNone(string key) =>
        Assert.That(Loading.PoolErrors($"{key}: 4oo"), Is.EqualTo(new[] { $"pools.p.{key}: directive \"{key}\" is not a number: '4oo'" }));

    [TestCaseSource(nameof(Numbers))]
    public void Rejects_NumberThatDoesNotFit(string key)
    {
        var least = key is "server_connections" or "client_pipeline_limit" or "server_queue_limit" or "leased_connections" ? 1 : 0;

        Assert.That(
            Loading.PoolErrors($"{key}: 99999999999999999999"),
            Is.EqualTo(new[] { $"pools.p.{key}: directive \"{key}\" is out of range ({least} to 2147483647): '99999999999999999999'" }));
    }

    [TestCaseSource(nameof(Numbers))]
    public void Accepts_LargestNumber(string key) => Assert.That(Loading.PoolErrors($"{key}: 2147483647"), Is.Empty);

    [TestCaseSource(nameof(Flags))]
    public void Rejects_FlagThatIsNone(string key) =>
        Assert.That(Loading.PoolErrors($"{key}: yes"), Is.EqualTo(new[] { $"pools.p.{key}: directive \"{key}\" is not \"true\" or \"false\"" }));

    [TestCaseSource(nameof(Times))]
    public void Rejects_TimeThatIsNone(string key) =>
        Assert.That(
            Loading.PoolErrors($"{key}: 2 seconds"),
            Is.EqualTo(new[] { $"pools.p.{key}: directive \"{key}\" is not a time (a number of milliseconds, or 500ms, 2s, 1m): '2 seconds'" }));

    [TestCaseSource(nameof(Times))]
    public void Rejects_TimeThatDoesNotFit(string key)
    {
        var least = key == "client_idle_timeout" ? 0 : 1;

        Assert.That(
            Loading.PoolErrors($"{key}: 1000h"),
            Is.EqualTo(new[] { $"pools.p.{key}: directive \"{key}\" is out of range ({least} to 2147483647): '1000h'" }));
    }

    [TestCaseSource(nameof(Sizes))]
    public void Rejects_SizeThatIsNone(string key) =>
        Assert.That(
            Loading.PoolErrors($"{key}: 64k"),
            Is.EqualTo(new[] { $"pools.p.{key}: directive \"{key}\" is not a size (a number of bytes, or 64kb, 512mb, 1gb): '64k'" }));

    [Test]
    public void Rejects_RequestSizeBeyondABuffer() =>
        Assert.That(
            Loading.PoolErrors("max_request_size: 2gb"),
            Is.EqualTo(new[] { "pools.p.max_request_size: directive \"max_request_size\" is out of range (1 to 2147483647): '2gb'" }));

    [TestCase("server_connections")]
    [TestCase("client_pipeline_limit")]
    [TestCase("server_queue_limit")]
    [TestCase("leased_connections")]
    [TestCase("server_hard_timeout")]
    [TestCase("connect_timeout")]
    [TestCase("client_stall_timeout")]
    [TestCase("client_output_limit")]
    [TestCase("subscriber_output_limit")]
    [TestCase("max_request_size")]
    public void Rejects_ZeroWhereItHasNoMeaning(string key) =>
        Assert.That(Loading.PoolErrors($"{key}: 0"), Is.EqualTo(new[] { $"pools.p.{key}: directive \"{key}:\" cannot be 0" }));

    [TestCase("timeout")]
    [TestCase("backlog")]
    [TestCase("client_connections")]
    [TestCase("client_idle_timeout")]
    [TestCase("server_failure_limit")]
    [TestCase("server_retry_timeout")]
    public void Accepts_ZeroWhereItHasAMeaning(string key) => Assert.That(Loading.PoolErrors($"{key}: 0"), Is.Empty);

    [TestCase("timeout")]
    [TestCase("servers")]
    [TestCase("listen")]
    [TestCase("hash_tag")]
    [TestCase("redis_auth")]
    public void Rejects_KeyWithoutValue(string key) =>
        Assert.That(Loading.PoolErrors($"{key}:"), Is.EqualTo(new[] { $"pools.p.{key}: directive \"{key}\" has no value" }));

    [Test]
    public void Rejects_ListWhereAValueBelongs() =>
        Assert.That(Loading.PoolErrors("timeout: [1, 2]"), Is.EqualTo(new[] { "pools.p.timeout: directive \"timeout\" has to be a single value" }));

    [Test]
    public void Rejects_ValueWhereAListBelongs() =>
        Assert.That(Loading.PoolErrors("servers: 127.0.0.1:7001:1"), Is.EqualTo(new[] { "pools.p.servers: directive \"servers\" has to be a list" }));

    [TestCase("range")]
    [TestCase("slots")]
    [TestCase("reconnect_backoff")]
    public void Rejects_ValueWhereAMapBelongs(string key) =>
        Assert.That(
            Loading.PoolErrors($"distribution: {(key == "reconnect_backoff" ? "ketama" : key)}\n{key}: 1\nservers:\n  - 127.0.0.1:7001:1 a"),
            Is.EqualTo(new[] { $"pools.p.{key}: directive \"{key}\" has to be a map of its own" }));

    [TestCase("timeuot", "timeout")]
    [TestCase("server_faliure_limit", "server_failure_limit")]
    [TestCase("Hash", "hash")]
    public void Rejects_UnknownKeyWithTheNearest(string key, string nearest) =>
        Assert.That(Loading.PoolErrors($"{key}: 1"), Is.EqualTo(new[] { $"pools.p.{key}: directive \"{key}\" is unknown (did you mean '{nearest}'?)" }));

    [Test]
    public void Rejects_UnknownKeyFarFromAll() =>
        Assert.That(Loading.PoolErrors("sentinels: 1"), Is.EqualTo(new[] { "pools.p.sentinels: directive \"sentinels\" is unknown" }));

    [Test]
    public void Rejects_DuplicateKeyWithThePlaceOfTheFirst() =>
        Assert.That(
            Loading.Errors(PoolText.With("timeout: 1\nhash: md5\ntimeout: 2")),
            Is.EqualTo(new[] { "5:5: pools.p.timeout: directive \"timeout\" is a duplicate (first given in line 3)" }));

    [Test]
    public void Rejects_UnknownHashWithTheNearest() =>
        Assert.That(
            Loading.PoolErrors("hash: fnv1a64"),
            Is.EqualTo(new[] { "pools.p.hash: directive \"hash\" is not a valid hash: 'fnv1a64' (did you mean 'fnv1a_64'?)" }));

    [Test]
    public void Rejects_UnknownHashFarFromAllWithTheList() =>
        Assert.That(
            Loading.PoolErrors("hash: xxhash-three"),
            Is.EqualTo(new[]
            {
                "pools.p.hash: directive \"hash\" is not a valid hash: 'xxhash-three' (known: one_at_a_time, md5, crc16, crc32, crc32a, "
                + "fnv1_64, fnv1a_64, fnv1_32, fnv1a_32, hsieh, murmur, jenkins)",
            }));

    [Test]
    public void Rejects_UnknownDistribution() =>
        Assert.That(
            Loading.PoolErrors("distribution: Ketama"),
            Is.EqualTo(new[] { "pools.p.distribution: directive \"distribution\" is not a valid distribution: 'Ketama' (did you mean 'ketama'?)" }));

    [TestCase("{")]
    [TestCase("{}}")]
    [TestCase("éé")]
    public void Rejects_HashTagThatIsNotTwoBytes(string tag) =>
        Assert.That(
            Loading.PoolErrors($"hash_tag: \"{tag}\""),
            Is.EqualTo(new[] { "pools.p.hash_tag: directive \"hash_tag\" is not a valid hash tag string with two characters" }));

    [Test]
    public void Rejects_ListenInTwemproxysWords() =>
        Assert.That(
            Loading.PoolErrors("listen: 127.0.0.1"),
            Is.EqualTo(new[] { "pools.p.listen: directive \"listen\" has an invalid \"hostname:port\" format string: '127.0.0.1'" }));

    [Test]
    public void Rejects_PasswordThatIsNoText_WithoutShowingIt()
    {
        var errors = Loading.PoolErrors("redis_auth:\n  hunter2: x");

        Assert.That(errors, Is.EqualTo(new[] { "pools.p.redis_auth: directive \"redis_auth\" has to be a single value" }));
    }

    [Test]
    public void Rejects_MissingListenAndServers() =>
        Assert.That(
            Loading.Errors("pools:\n  p:\n    timeout: 1"),
            Is.EqualTo(new[] { "2:3: pools.p: directive \"listen:\" is missing", "2:3: pools.p: directive \"servers:\" is missing" }));
}
