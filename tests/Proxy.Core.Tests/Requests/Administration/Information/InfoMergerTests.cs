using System.Text;
using NUnit.Framework;
using Proxy.Core.Requests.Administration.Information;

namespace Proxy.Core.Tests.Requests.Administration.Information;

public sealed class InfoMergerTests
{
    [TestCase("keyspace_hits", "3", "4", "7")]
    [TestCase("used_cpu_sys", "0.250000", "1.500000", "1.750000")]
    [TestCase("instantaneous_input_kbps", "0.05", "0.10", "0.15")]
    [TestCase("rdb_changes_since_last_save", "9223372036854775807", "0", "9223372036854775807")]
    [TestCase("redis_version", "7.2.4", "7.0.15", "7.0.15")]
    [TestCase("redis_version", "10.0.0", "9.9.9", "9.9.9")]
    [TestCase("uptime_in_seconds", "10", "5", "5")]
    [TestCase("loading", "0", "1", "1")]
    [TestCase("latest_fork_usec", "10", "900", "900")]
    [TestCase("rdb_last_bgsave_status", "ok", "err", "err")]
    [TestCase("rdb_last_bgsave_status", "ok", "ok", "ok")]
    [TestCase("tracking_total_prefixes", "2", "2", "2")]
    [TestCase("maxmemory", "100", "50", "150")]
    [TestCase("maxmemory", "100", "0", "0")]
    [TestCase("maxmemory_policy", "noeviction", "allkeys-lru", "allkeys-lru")]
    [TestCase("maxmemory_policy", "volatile-ttl", "noeviction", "volatile-ttl")]
    [TestCase("maxmemory_policy", "volatile-lru", "allkeys-random", "allkeys-random")]
    [TestCase("os", "Linux 1", "Linux 2", "Linux 1")]
    [TestCase("mem_allocator", "jemalloc-5.3.0", "libc", "jemalloc-5.3.0")]
    [TestCase("rdb_last_bgsave_time_sec", "-1", "3", "3")]
    [TestCase("errorstat_ERR", "count=2", "count=3", "count=5")]
    [TestCase(
        "cmdstat_get", "calls=1,usec=10,usec_per_call=10.00,rejected_calls=1,failed_calls=0",
        "calls=3,usec=20,usec_per_call=6.67,rejected_calls=0,failed_calls=2", "calls=4,usec=30,usec_per_call=7.50,rejected_calls=1,failed_calls=2")]
    [TestCase("latency_percentiles_usec_get", "p50=1.003,p99=2.007,p99.9=9.023", "p50=2.007,p99=2.007,p99.9=3.007", "p50=2.007,p99=2.007,p99.9=9.023")]
    [TestCase("db0", "keys=10,expires=1,avg_ttl=1000", "keys=5,expires=3,avg_ttl=5000", "keys=15,expires=4,avg_ttl=4000")]
    [TestCase("db0", "keys=10,expires=0,avg_ttl=0", "keys=5,expires=0,avg_ttl=0", "keys=15,expires=0,avg_ttl=0")]
    public void Field_IsThatOfOneServerWithAll(string field, string one, string other, string both) =>
        Assert.That(Merge($"# Any\r\n{field}:{one}\r\n", $"# Any\r\n{field}:{other}\r\n"), Is.EqualTo($"# Any\r\n{field}:{both}\r\n"));

    [Test]
    public void FieldsThatFollowFromOthers_AreComputed()
    {
        const string One = "# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\nused_memory_rss:3145728\r\nmem_fragmentation_ratio:3.00\r\n"
            + "used_memory_peak:2097152\r\nused_memory_peak_perc:50.00%\r\n";
        const string Other = "# Memory\r\nused_memory:1048576\r\nused_memory_human:1.00M\r\nused_memory_rss:1048576\r\nmem_fragmentation_ratio:1.00\r\n"
            + "used_memory_peak:1048576\r\nused_memory_peak_perc:100.00%\r\n";

        Assert.That(
            Merge(One, Other),
            Is.EqualTo(
                "# Memory\r\nused_memory:2097152\r\nused_memory_human:2.00M\r\nused_memory_rss:4194304\r\nmem_fragmentation_ratio:2.00\r\n"
                + "used_memory_peak:3145728\r\nused_memory_peak_perc:66.67%\r\n"));
    }

    [TestCase("0", "1023", "1023B")]
    [TestCase("1", "1023", "1.00K")]
    [TestCase("941336", "0", "919.27K")]
    [TestCase("25274793984", "0", "23.54G")]
    public void BytesForPeople_AreWrittenAsRedisDoes(string one, string other, string human) =>
        Assert.That(
            Merge($"# Memory\r\nx:{one}\r\nx_human:?\r\n", $"# Memory\r\nx:{other}\r\nx_human:?\r\n"),
            Does.Contain($"x_human:{human}\r\n"));

    [Test]
    public void Databases_AreInTheirOrder() =>
        Assert.That(
            Merge("# Keyspace\r\ndb2:keys=1\r\ndb10:keys=1\r\n", "# Keyspace\r\ndb0:keys=1\r\ndb2:keys=1\r\n"),
            Is.EqualTo("# Keyspace\r\ndb0:keys=1\r\ndb2:keys=2\r\ndb10:keys=1\r\n"));

    [Test]
    public void Modules_AreToldOnceEach() =>
        Assert.That(
            Merge("# Modules\r\nmodule:name=a\r\nmodule:name=b\r\n", "# Modules\r\nmodule:name=b\r\nmodule:name=c\r\n"),
            Is.EqualTo("# Modules\r\nmodule:name=a\r\nmodule:name=b\r\nmodule:name=c\r\n"));

    [Test]
    public void SectionsAndFields_OfAnyServerAreThere() =>
        Assert.That(
            Merge("# A\r\nx:1\r\n", "# A\r\ny:2\r\n\r\n# B\r\nz:3\r\n"),
            Is.EqualTo("# A\r\nx:1\r\ny:2\r\n\r\n# B\r\nz:3\r\n"));

    [Test]
    public void OneText_IsItself()
    {
        const string Text = "# Server\r\nredis_version:7.0.15\r\nconfig_file:/caf\u00e9\r\n\r\n# Modules\r\n\r\n# Memory\r\nused_memory:1\r\nused_memory_human:odd\r\n";

        Assert.That(Merge(Text), Is.EqualTo(Text));
    }

    private static string Merge(params string[] texts) =>
        Encoding.Latin1.GetString(InfoMerger.Merge([.. texts.Select(text => InfoText.Parse(Encoding.Latin1.GetBytes(text)))]).ToBytes());
}
