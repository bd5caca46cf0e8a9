using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Proxy.Resp;

namespace Proxy.Core.Requests.Administration.Joining;

/// <summary>
/// DEBUG DIGEST: the digest that one server would have with all keys, as long as only database 0 has some. A server's digest is what it begins
/// database 0 with, exclusive-or the digest of each key; that of an empty server is zero.
/// </summary>
internal sealed class DigestJoiner : ReplyJoiner
{
    // The number of the database, hashed; exclusive-or nothing; hashed again.
    private static readonly byte[] Beginning = Sha1(Sha1([0, 0, 0, 0]));

    /// <summary>The only one.</summary>
    public static DigestJoiner Instance { get; } = new();

    /// <inheritdoc/>
    public override bool NeedsAll => true;

    /// <inheritdoc/>
    public override bool TryJoin(IReadOnlyList<ServerReply> replies, IBufferWriter<byte> output, int version)
    {
        var joined = new byte[SHA1.HashSizeInBytes];
        var filled = 0;
        foreach (var (_, reply) in replies)
        {
            var digest = new byte[joined.Length];
            if (reply.Text.Length != 2 * digest.Length || Convert.FromHexString(reply.Name, digest, out _, out _) != OperationStatus.Done)
            {
                return false;
            }

            if (!digest.AsSpan().ContainsAnyExcept((byte)0))
            {
                continue;
            }

            filled++;
            Mix(joined, digest);
        }

        // The beginnings of an even number of servers cancel each other.
        if (filled > 0 && filled % 2 == 0)
        {
            Mix(joined, Beginning);
        }

        RespWriter.SimpleString(output, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(joined)));
        return true;
    }

    private static void Mix(byte[] into, byte[] digest)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] ^= digest[i];
        }
    }

#pragma warning disable CA5350 // Redis's digest is made with SHA-1; it protects nothing.
    private static byte[] Sha1(byte[] bytes) => SHA1.HashData(bytes);
#pragma warning restore CA5350
}
