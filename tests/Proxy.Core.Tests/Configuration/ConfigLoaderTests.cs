using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration;

[TestFixture]
internal sealed class ConfigLoaderTests
{
    private const string Broken =
        """
        proxy:
          threads: none
          admin: 127.0.0.1:6380
        pools:
          sessions:
            listen: 127.0.0.1:6380
            distribution: ketma
            timeout: 4oo
            timeuot: 1
            servers:
              - 127.0.0.1:7001:1 shard1
              - 127.0.0.1:7002:0 shard2
          users:
            listen: 127.0.0.1:6380
            distribution: range
            auto_eject_hosts: true
            range:
              bounds: [20000]
              otherwise: shard9
            servers:
              - 127.0.0.1:7001:1 shard1
              - 127.0.0.1:7002:1 shard1
        """;

    [Test]
    public void ManyErrors_AllAreReportedInTheOrderOfTheFile() =>
        Assert.That(
            Loading.Errors(Broken),
            Is.EqualTo(new[]
            {
                "2:12: proxy.threads: directive \"threads\" is not a number: 'none'",
                "3:10: proxy.admin: pool 'sessions' and admin have the same address '127.0.0.1:6380'",
                "7:19: pools.sessions.distribution: directive \"distribution\" is not a valid distribution: 'ketma' (did you mean 'ketama'?)",
                "8:14: pools.sessions.timeout: directive \"timeout\" is not a number: '4oo'",
                "9:5: pools.sessions.timeuot: directive \"timeuot\" is unknown (did you mean 'timeout'?)",
                "12:9: pools.sessions.servers[1]: directive \"servers\" has a zero weight in \"hostname:port:weight [name]\" format string: '127.0.0.1:7002:0 shard2'",
                "14:13: pools.users.listen: pools 'sessions' and 'users' have the same listen address '127.0.0.1:6380'",
                "16:23: pools.users.auto_eject_hosts: directive \"auto_eject_hosts\" is not possible with distribution range: "
                    + "the keys of an ejected server have no other place",
                "19:18: pools.users.range.otherwise: pool 'users' has no server 'shard9' (did you mean 'shard1'?)",
                "22:9: pools.users.servers[1]: pool 'users' has servers with same name 'shard1'",
            }));

    [Test]
    public void OneError_NoModel() => Assert.That(Loading.Load(PoolText.With("timeout: x")).Model, Is.Null);

    [Test]
    public void OnlyWarnings_AModel() => Assert.That(Loading.Load(PoolText.With("hash: crc32")).Model, Is.Not.Null);
}
