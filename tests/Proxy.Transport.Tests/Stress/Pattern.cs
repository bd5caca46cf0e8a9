namespace Proxy.Transport.Tests.Stress;

/// <summary>An endless stream of bytes that looks random and can be checked at any position.</summary>
internal sealed class Pattern
{
    // A prime, so that no power of two hides a shift.
    private const int Period = 65_521;

    private readonly byte[] _twice = new byte[2 * Period];

    public Pattern(int seed)
    {
        new Random(seed).NextBytes(_twice.AsSpan(0, Period));
        _twice.AsSpan(0, Period).CopyTo(_twice.AsSpan(Period));
    }

    /// <summary>At most 65,521 bytes from <paramref name="position"/> on.</summary>
    public ReadOnlySpan<byte> At(long position, int count) => _twice.AsSpan((int)(position % Period), count);

    /// <summary>True if <paramref name="bytes"/> are what is at <paramref name="position"/>.</summary>
    public bool Matches(long position, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = Math.Min(bytes.Length, Period);
            if (!bytes[..part].SequenceEqual(At(position, part)))
            {
                return false;
            }

            bytes = bytes[part..];
            position += part;
        }

        return true;
    }
}
