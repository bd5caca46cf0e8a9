using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.IntegrationTests.HostileInput;

/// <summary>Sends a row of the table in pieces and proves every byte that comes back.</summary>
internal static class HostileInputSender
{
    /// <summary>
    /// Sends the input in pieces of <paramref name="pieceSize"/> bytes. A connection that stays open must answer a PING after it.
    /// </summary>
    public static void Check(HostileInputRow row, RespClient client, int pieceSize)
    {
        foreach (var piece in row.InputBytes.Chunk(pieceSize))
        {
            if (!client.TrySend(piece))
            {
                break;
            }
        }

        if (!row.Closes)
        {
            client.TrySend("PING\r\n"u8);
            client.HalfClose();
        }

        Assert.That(client.ReadToEnd(), Is.EqualTo(row.Closes ? row.Output : row.Output + "+PONG\r\n"));
    }
}
