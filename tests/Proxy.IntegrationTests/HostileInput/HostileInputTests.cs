using NUnit.Framework;

namespace Proxy.IntegrationTests.HostileInput;

/// <summary>Every row of the table, sent to the proxy in one piece, in single bytes and in odd pieces.</summary>
public sealed class HostileInputTests() : TopologyTests(servers: 2)
{
    private static IEnumerable<HostileInputRow> Rows => HostileInputTable.Rows;

    private static IEnumerable<HostileInputRow> ShortRows => HostileInputTable.Rows.Where(row => row.Input.Length < 4096);

    [TestCaseSource(nameof(Rows))]
    public void Input_InOnePiece_GetsTheAnswer(HostileInputRow row) => HostileInputSender.Check(row, Client, pieceSize: int.MaxValue);

    [TestCaseSource(nameof(ShortRows))]
    public void Input_InSingleBytes_GetsTheAnswer(HostileInputRow row) => HostileInputSender.Check(row, Client, pieceSize: 1);

    [TestCaseSource(nameof(Rows))]
    public void Input_InOddPieces_GetsTheAnswer(HostileInputRow row) =>
        HostileInputSender.Check(row, Client, pieceSize: row.Input.Length < 4096 ? 7 : 9973);

    [Test]
    public void InlineWithNul_DoesNotHang()
    {
        Client.Send("PI\0NG\r\n");

        Assert.That(Client.ReadReply(), Does.StartWith("-ERR "));
    }

    [Test]
    public void CarriageReturnWithoutLineFeedInCountLine_IsAProtocolError()
    {
        Client.Send("*1\rX$4\r\nPING\r\n");

        Assert.That(Client.ReadToEnd(), Does.StartWith("-ERR Protocol error: "));
    }

    [Test]
    public void RequestCutByHalfClose_IsClosedWithoutAnAnswer()
    {
        Client.Send("*2\r\n$3\r\nGET\r\n$5\r\nab");
        Client.HalfClose();

        Assert.That(Client.ReadToEnd(), Is.Empty);
    }

    [Test]
    public void TlsClientHello_IsClosed()
    {
        byte[] hello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, .. Enumerable.Repeat((byte)0xa5, 500)];

        Client.TrySend(hello);

        Assert.That(Client.ReadToEnd(), Does.Not.Contain("PONG"));
    }

    [Test]
    public void DeclaredLengths_CostNoMemoryBeforeTheBytesArrive()
    {
        var before = Topology.Proxy.Process.ResidentBytes;
        var clients = Enumerable.Range(0, 100).Select(_ => Topology.Connect()).ToList();

        foreach (var client in clients)
        {
            client.Send("*1000000\r\n$3\r\nSET\r\n$1\r\na\r\n$536870912\r\nabc");
        }

        Assert.That(Client.Call("PING"), Is.EqualTo("+PONG\r\n"));
        Assert.That(Topology.Proxy.Process.ResidentBytes - before, Is.LessThan(64L << 20));
        clients.ForEach(client => client.Dispose());
    }
}
