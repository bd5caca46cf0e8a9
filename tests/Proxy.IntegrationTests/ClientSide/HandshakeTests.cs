using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.ClientSide;

/// <summary>
/// What clients send first with their default settings, as seen on the wire, in the writes in which they send it. An error that a client passes over
/// stands as such; that a connection stays open after it is what most of them live by.
/// </summary>
public sealed class HandshakeTests() : TopologyTests(servers: 3)
{
    private const string Greeting = "%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n";
    private const string NoMaintenance = "-ERR unknown subcommand 'MAINT_NOTIFICATIONS'. Try CLIENT HELP.\r\n";

    [TestCase(
        "redis-py 8.1",
        new[] { "HELLO 3" },
        new[] { "CLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type internal-fqdn" },
        new[] { "CLIENT SETINFO LIB-NAME redis-py" },
        new[] { "CLIENT SETINFO LIB-VER 8.1.0" },
        ExpectedResult = Greeting + "|" + NoMaintenance + "|+OK\r\n|+OK\r\n")]
    [TestCase(
        "redis-py 8.1 with a database, a name and health checks",
        new[] { "PING" },
        new[] { "HELLO 3" },
        new[] { "CLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type internal-fqdn" },
        new[] { "CLIENT SETNAME cn" },
        new[] { "CLIENT SETINFO LIB-NAME redis-py" },
        new[] { "CLIENT SETINFO LIB-VER 8.1.0" },
        new[] { "SELECT 3" },
        new[] { "PING" },
        ExpectedResult = "+PONG\r\n|" + Greeting + "|" + NoMaintenance + "|+OK\r\n|+OK\r\n|+OK\r\n|+OK\r\n|+PONG\r\n")]
    [TestCase(
        "ioredis 6.0",
        new[] { "hello 3", "client SETINFO LIB-VER 6.0.0", "client SETINFO LIB-NAME ioredis" },
        new[] { "info" },
        ExpectedResult = Greeting + "|+OK\r\n|+OK\r\n|=")]
    [TestCase(
        "node-redis 6.3",
        new[]
        {
            "HELLO 3", "CLIENT SETINFO LIB-VER 6.3.1", "CLIENT SETINFO LIB-NAME node-redis",
            "CLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type external-ip",
        },
        ExpectedResult = Greeting + "|+OK\r\n|+OK\r\n|" + NoMaintenance)]
    [TestCase(
        "StackExchange.Redis 3.1",
        new[]
        {
            "HELLO 3", "CLIENT SETNAME host", "CLIENT SETINFO lib-name SE.Redis", "CLIENT SETINFO lib-ver 3.1.31", "CLIENT ID", "CONFIG GET timeout",
            "CONFIG GET replica-read-only", "CONFIG GET databases", "SENTINEL MASTERS", "INFO replication", "INFO server", "CLUSTER NODES",
            "GET __Booksleeve_TieBreak", "ECHO 0123456789abcdef",
        },
        ExpectedResult =
            Greeting + "|+OK\r\n|+OK\r\n|+OK\r\n|:|%1\r\n$7\r\ntimeout\r\n$1\r\n0\r\n|%1\r\n$17\r\nreplica-read-only\r\n$3\r\nyes\r\n"
            + "|%1\r\n$9\r\ndatabases\r\n$2\r\n16\r\n"
            + "|-ERR unknown command 'SENTINEL', with args beginning with: 'MASTERS' \r\n|=|=|-ERR This instance has cluster support disabled\r\n|_\r\n"
            + "|$16\r\n0123456789abcdef\r\n")]
    [TestCase(
        "redis-rb 6, redis-client 0.30",
        new[] { "HELLO 3", "SELECT 2", "CLIENT SETINFO LIB-NAME redis-rb", "CLIENT SETINFO LIB-VER 6.0.0", "CLIENT SETNAME worker" },
        ExpectedResult = Greeting + "|+OK\r\n|+OK\r\n|+OK\r\n|+OK\r\n")]
    [TestCase(
        "Jedis 8, Lettuce 7, go-redis 9",
        new[] { "HELLO 3 SETNAME n" },
        new[] { "SELECT 1", "CLIENT SETINFO lib-name Lettuce", "CLIENT SETINFO lib-ver 7.7", "CLIENT MAINT_NOTIFICATIONS on", "PING" },
        ExpectedResult = Greeting + "|+OK\r\n|+OK\r\n|+OK\r\n|" + NoMaintenance + "|+PONG\r\n")]
    [TestCase("redis-cli 7, piped", new[] { "COMMAND DOCS get" }, new[] { "SET a 1" }, new[] { "GET a" }, ExpectedResult = "*2|+OK\r\n|$1\r\n1\r\n")]
    [TestCase("redis-cli 7 -3 -n 2", new[] { "HELLO 3" }, new[] { "SELECT 2" }, new[] { "GET none" }, ExpectedResult = Greeting + "|+OK\r\n|_\r\n")]
    public string DefaultHandshake_IsAnsweredAsTheClientNeedsIt(string _, params string[][] writes)
    {
        var replies = new List<string>();
        foreach (var write in writes)
        {
            var bytes = new List<byte>();
            foreach (var request in write)
            {
                bytes.AddRange(RespFrame.Request(request.Split(' ')));
            }

            Client.Send(bytes.ToArray());
            replies.AddRange(write.Select(request => Beginning(Client.ReadReply())));
        }

        return string.Join('|', replies);
    }

    /// <summary>As much of a reply as is the same everywhere.</summary>
    private static string Beginning(string reply) => reply switch
    {
        ['%', '7', ..] => reply[..Greeting.Length],
        ['*', ..] => reply[..reply.IndexOf('\r', StringComparison.Ordinal)],
        ['=' or ':', ..] => reply[..1],
        _ => reply,
    };
}
