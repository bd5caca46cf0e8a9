using System.Buffers.Text;
using System.Numerics;

namespace Proxy.Core.Requests.Keyspace;

/// <summary>
/// Where a SCAN over several servers stands: which server, and the server's own cursor. To the client it is one unsigned number.
/// <code>
///   63                       10 9        0
///   ┌──────────────────────────┬──────────┐
///   │ the server's own cursor  │  shard   │     0 begins, and ends: only the first server's beginning is 0
///   └──────────────────────────┴──────────┘
/// </code>
/// A server's cursor is as long as the number of its keys is, so the number stays small; where there are more than 1,024 servers their index takes more
/// bits.
/// </summary>
/// <param name="Shard">Index of the shard in the pool's snapshot.</param>
/// <param name="Position">The server's cursor; 0 is its beginning.</param>
internal readonly record struct ScanCursor(int Shard, ulong Position)
{
    private const int LeastShardBits = 10;

    /// <summary>Reads what a client sent.</summary>
    /// <param name="text">Decimal digits.</param>
    /// <param name="shards">How many there are.</param>
    /// <param name="cursor">The beginning for 0.</param>
    /// <returns>False if it is no number of 64 bits, or names no shard.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, int shards, out ScanCursor cursor)
    {
        cursor = default;
        if (text.IsEmpty
            || text.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(text, out ulong number, out var used)
            || used != text.Length)
        {
            return false;
        }

        var bits = ShardBits(shards);
        var shard = number & ((1UL << bits) - 1);
        cursor = new ScanCursor((int)shard, number >> bits);
        return shard < (ulong)shards;
    }

    /// <summary>What the client is to send next.</summary>
    /// <param name="shards">How many there are.</param>
    /// <param name="number">The number.</param>
    /// <returns>False if the server's cursor is too large for it: no Redis has so many keys.</returns>
    public bool TryEncode(int shards, out ulong number)
    {
        var bits = ShardBits(shards);
        number = (Position << bits) | (uint)Shard;
        return Position <= ulong.MaxValue >> bits;
    }

    private static int ShardBits(int shards) => Math.Max(LeastShardBits, BitOperations.Log2((uint)shards - 1) + 1);
}
