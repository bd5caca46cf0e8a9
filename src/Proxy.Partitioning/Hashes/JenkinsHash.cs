using System.Buffers.Binary;
using System.Numerics;

namespace Proxy.Partitioning.Hashes;

/// <summary>Bob Jenkins' lookup3, <c>hashlittle</c> (burtleburtle.net/bob/c/lookup3.c), with the initial value 13.</summary>
internal static class JenkinsHash
{
    private const uint Initial = 13;
    private const int BlockLength = 12;

    internal static uint Compute(ReadOnlySpan<byte> key)
    {
        var a = 0xDEADBEEF + (uint)key.Length + Initial;
        var b = a;
        var c = a;
        while (key.Length > BlockLength)
        {
            Add(key, ref a, ref b, ref c);
            Mix(ref a, ref b, ref c);
            key = key[BlockLength..];
        }

        if (key.IsEmpty)
        {
            return c;
        }

        // The last block counts as if zero bytes filled it up.
        Span<byte> last = stackalloc byte[BlockLength];
        last.Clear();
        key.CopyTo(last);
        Add(last, ref a, ref b, ref c);
        Finish(ref a, ref b, ref c);
        return c;
    }

    private static void Add(ReadOnlySpan<byte> block, ref uint a, ref uint b, ref uint c)
    {
        a += BinaryPrimitives.ReadUInt32LittleEndian(block);
        b += BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        c += BinaryPrimitives.ReadUInt32LittleEndian(block[8..]);
    }

    private static void Mix(ref uint a, ref uint b, ref uint c)
    {
        a = (a - c) ^ BitOperations.RotateLeft(c, 4);
        c += b;
        b = (b - a) ^ BitOperations.RotateLeft(a, 6);
        a += c;
        c = (c - b) ^ BitOperations.RotateLeft(b, 8);
        b += a;
        a = (a - c) ^ BitOperations.RotateLeft(c, 16);
        c += b;
        b = (b - a) ^ BitOperations.RotateLeft(a, 19);
        a += c;
        c = (c - b) ^ BitOperations.RotateLeft(b, 4);
        b += a;
    }

    private static void Finish(ref uint a, ref uint b, ref uint c)
    {
        c = (c ^ b) - BitOperations.RotateLeft(b, 14);
        a = (a ^ c) - BitOperations.RotateLeft(c, 11);
        b = (b ^ a) - BitOperations.RotateLeft(a, 25);
        c = (c ^ b) - BitOperations.RotateLeft(b, 16);
        a = (a ^ c) - BitOperations.RotateLeft(c, 4);
        b = (b ^ a) - BitOperations.RotateLeft(a, 14);
        c = (c ^ b) - BitOperations.RotateLeft(b, 24);
    }
}
