namespace Proxy.Partitioning.Hashes;

/// <summary>A byte as C's <c>char</c> on x86-64 reads it.</summary>
internal static class SignedByte
{
    /// <summary>The byte with its sign extended to 32 bits: 0x80 becomes 0xFFFFFF80.</summary>
    internal static uint Extend(byte value) => (uint)(sbyte)value;
}
