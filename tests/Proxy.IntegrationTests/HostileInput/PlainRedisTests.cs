using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.HostileInput;

/// <summary>The table is true: a plain Redis answers so.</summary>
public sealed class PlainRedisTests
{
    private RedisServer _server = null!;

    [OneTimeSetUp]
    public void StartRedis() => _server = RedisServer.Start();

    [OneTimeTearDown]
    public void EndRedis() => _server.Dispose();

    [TestCaseSource(typeof(HostileInputTable), nameof(HostileInputTable.SameAsRedis))]
    public void Input_ToPlainRedis_GetsTheAnswerOfTheTable(HostileInputRow row)
    {
        using var client = _server.Connect();

        HostileInputSender.Check(row, client, pieceSize: int.MaxValue);
    }
}
