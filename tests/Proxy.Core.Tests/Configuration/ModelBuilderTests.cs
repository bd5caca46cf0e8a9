using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Proxy.Core.Model;

namespace Proxy.Core.Tests.Configuration;

[TestFixture]
internal sealed class ModelBuilderTests
{
    [Test]
    public void Process_NothingWritten_AdminByDefaultAndNoStatistics()
    {
        var process = Loading.Model(PoolText.With("")).Process;

        Assert.That(
            (process.Admin?.EndPoint, process.AdminIsDefault, process.Stats, process.StatsIsDefault),
            Is.EqualTo(((EndPoint)new IPEndPoint(IPAddress.Loopback, 9151), true, (AddressModel?)null, true)));
    }

    [Test]
    public void Process_NothingWritten_HasTheModelsDefaults()
    {
        var process = Loading.Model(PoolText.With("")).Process;

        Assert.That(process, Is.EqualTo(new ProcessModel { Threads = Environment.ProcessorCount, Admin = process.Admin, AdminIsDefault = true, StatsIsDefault = true }));
    }

    [Test]
    public void Process_AddressesWritten_AreNoDefaults()
    {
        var process = Loading.Model(PoolText.WithProcess("admin: 127.0.0.1:9151\nstats: off")).Process;

        Assert.That((process.AdminIsDefault, process.StatsIsDefault), Is.EqualTo((false, false)));
    }

    [Test]
    public void Process_NutcrackerFile_StatisticsOnTwemproxysPort()
    {
        var process = Loading.Model(PoolText.Nutcracker("redis: true")).Process;

        Assert.That((process.Stats?.EndPoint, process.StatsIsDefault), Is.EqualTo(((EndPoint)new IPEndPoint(IPAddress.Loopback, 22222), true)));
    }

    [Test]
    public void Pool_NothingWritten_HasTheModelsDefaults()
    {
        var pool = Loading.Pool("");

        Assert.That(
            pool with { DenyCommands = [] },
            Is.EqualTo(new PoolModel { Name = "p", Listen = pool.Listen, Partitioning = pool.Partitioning, Servers = pool.Servers }));
    }

    [Test]
    public void Pool_EverythingWritten_IsInTheModel()
    {
        var pool = Loading.Pool(
            """
            timeout: 400
            backlog: 1
            tcpkeepalive: true
            reuseport: true
            preconnect: true
            redis_auth: päss
            redis_db: 3
            client_connections: 4
            server_connections: 5
            auto_eject_hosts: true
            server_retry_timeout: 6
            server_failure_limit: 7
            connect_timeout: 8
            server_hard_timeout: 9s
            client_idle_timeout: 10s
            client_stall_timeout: 11s
            client_output_limit: 12kb
            subscriber_output_limit: 13kb
            client_pipeline_limit: 13
            server_queue_limit: 14
            leased_connections: 18
            max_request_size: 15mb
            reconnect_backoff:
              min: 16
              max: 17
            cross_server: true
            deny_commands: [get]
            """);

        Assert.That(
            pool with { Password = null },
            Is.EqualTo(new PoolModel
            {
                Name = "p",
                Listen = pool.Listen,
                Partitioning = pool.Partitioning,
                Servers = pool.Servers,
                TimeoutMs = 400,
                Backlog = 1,
                TcpKeepalive = true,
                ReusePort = true,
                Preconnect = true,
                Database = 3,
                ClientConnections = 4,
                ServerConnections = 5,
                AutoEjectHosts = true,
                ServerRetryTimeoutMs = 6,
                ServerFailureLimit = 7,
                ConnectTimeoutMs = 8,
                ServerHardTimeoutMs = 9000,
                ClientIdleTimeoutMs = 10_000,
                ClientStallTimeoutMs = 11_000,
                ClientOutputLimit = 12 << 10,
                SubscriberOutputLimit = 13 << 10,
                ClientPipelineLimit = 13,
                ServerQueueLimit = 14,
                LeasedConnections = 18,
                MaxRequestSize = 15 << 20,
                ReconnectBackoff = new(16, 17),
                CrossServer = true,
                DenyCommands = pool.DenyCommands,
            }));
        Assert.That(pool.Password, Is.EqualTo("päss"u8.ToArray()));
    }

    [Test]
    public void Pool_FailureLimitZero_EjectsAtTheFirstFailure() => Assert.That(Loading.Pool("server_failure_limit: 0").ServerFailureLimit, Is.EqualTo(1));

    [Test]
    public void Pool_ListenOnAHost_IsResolved()
    {
        var listen = Loading.Pool("listen: both.example:6380").Listen;

        Assert.That((listen.Text, listen.EndPoint), Is.EqualTo(("both.example:6380", (EndPoint)new IPEndPoint(IPAddress.Parse("10.0.0.2"), 6380))));
    }

    [Test]
    public void Servers_StayInTheOrderOfTheFile_WithTheirKindsOfAddress()
    {
        var pool = Loading.Pool("servers:\n  - redis.example:7001:1 z\n  - /tmp/r.sock:1 a\n  - ::1:7002:1 m");

        Assert.That(
            pool.Servers.Select(server => (server.Name, server.Address.EndPoint)),
            Is.EqualTo(new (string, EndPoint)[]
            {
                ("z", new DnsEndPoint("redis.example", 7001)),
                ("a", new UnixDomainSocketEndPoint("/tmp/r.sock")),
                ("m", new IPEndPoint(IPAddress.IPv6Loopback, 7002)),
            }));
        Assert.That(pool.Partitioning.Members.Select(member => member.Name), Is.EqualTo(new[] { "z", "a", "m" }));
    }

    [Test]
    public void Pool_ModelAsText_HasNoPassword() => Assert.That(Loading.Pool("redis_auth: hunter2").ToString(), Is.EqualTo("p"));
}
