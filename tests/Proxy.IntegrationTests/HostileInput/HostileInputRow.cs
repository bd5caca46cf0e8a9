using System.Text;

namespace Proxy.IntegrationTests.HostileInput;

/// <summary>One input that a client should not send, and what it gets.</summary>
/// <param name="Name">The situation.</param>
/// <param name="Input">The bytes, each character one (Latin-1).</param>
/// <param name="Output">Every byte that comes back.</param>
/// <param name="Closes">Whether the connection is closed then. If not, it works on.</param>
/// <param name="SameAsRedis">
/// False where Redis 7.0.15 does not look and the proxy does, for the sake of those who share a connection, and where the proxy has a command more.
/// </param>
public sealed record HostileInputRow(string Name, string Input, string Output, bool Closes, bool SameAsRedis)
{
    public byte[] InputBytes => Encoding.Latin1.GetBytes(Input);

    public override string ToString() => Name;
}
