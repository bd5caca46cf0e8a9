namespace Proxy.Core.Requests.CrossServer;

/// <summary>
/// The union of values that Redis's PFADD made, and how many different elements it has. Redis's representation and its estimate, digit for digit:
/// 16,384 registers, counted by the estimator of Otmar Ertl ("New cardinality estimation algorithms for HyperLogLog sketches",
/// arXiv:1702.01284).
/// <code>
///   HYLL | encoding, 1 byte | 3 unused | 8 of the cached count, which several keys together do not use | registers
///   dense    6 bits a register, the lowest bits first
///   sparse   00xxxxxx  x + 1 registers are 0
///            01xxxxxx yyyyyyyy  the same with 14 bits
///            1vvvvvxx  x + 1 registers are v + 1
/// </code>
/// </summary>
internal sealed class HyperLogLog
{
    private const int Registers = 1 << 14;
    private const int HeaderLength = 16;
    private const int DenseLength = HeaderLength + (Registers * 6 / 8);

    /// <summary>Bits of a 64-bit hash that are left to count zeros in.</summary>
    private const int HashBits = 64 - 14;

    /// <summary>1 / (2 ln 2), to the digits that Redis has.</summary>
    private const double Alpha = 0.721347520444481703680;

    private readonly byte[] _registers = new byte[Registers];

    /// <summary>Adds the elements of a value.</summary>
    public HyperLogLogKind Add(ReadOnlySpan<byte> value)
    {
        if (value.Length < HeaderLength || !value.StartsWith("HYLL"u8))
        {
            return HyperLogLogKind.Other;
        }

        switch (value[4])
        {
            case 0 when value.Length == DenseLength:
                AddDense(value[HeaderLength..]);
                return HyperLogLogKind.Valid;
            case 1:
                return TryAddSparse(value[HeaderLength..]) ? HyperLogLogKind.Valid : HyperLogLogKind.Corrupted;
            default:
                return HyperLogLogKind.Other;
        }
    }

    /// <summary>About how many different elements were added.</summary>
    public long Count()
    {
        Span<int> histogram = stackalloc int[64];
        histogram.Clear();
        foreach (var register in _registers)
        {
            histogram[register]++;
        }

        const double m = Registers;
        var z = m * Tau((m - histogram[HashBits + 1]) / m);
        for (var i = HashBits; i >= 1; i--)
        {
            z += histogram[i];
            z *= 0.5;
        }

        z += m * Sigma(histogram[0] / m);
        var estimate = Alpha * m * m / z;

        // Where no PFADD leads: what a conversion out of range gives on the processors that Redis runs on.
        return double.IsInfinity(estimate) ? long.MinValue : (long)Math.Round(estimate, MidpointRounding.AwayFromZero);
    }

    // Three bytes hold four registers: bbaaaaaa ccccbbbb ddddddcc.
    private void AddDense(ReadOnlySpan<byte> packed)
    {
        for (int i = 0, register = 0; i < packed.Length; i += 3, register += 4)
        {
            var four = packed[i] | (packed[i + 1] << 8) | (packed[i + 2] << 16);
            for (var j = 0; j < 4; j++)
            {
                Raise(register + j, (byte)((four >> (6 * j)) & 63));
            }
        }
    }

    private bool TryAddSparse(ReadOnlySpan<byte> codes)
    {
        var register = 0;
        for (var i = 0; i < codes.Length; i++)
        {
            var code = codes[i];
            byte value = 0;
            int length;
            if ((code & 0x80) != 0)
            {
                value = (byte)(((code >> 2) & 31) + 1);
                length = (code & 3) + 1;
            }
            else if ((code & 0x40) != 0)
            {
                // A code that is cut off has zero bits, as the end of a string has in C.
                i++;
                length = (((code & 63) << 8) | (i < codes.Length ? codes[i] : 0)) + 1;
            }
            else
            {
                length = (code & 63) + 1;
            }

            if (register + length > Registers)
            {
                return false;
            }

            for (var end = register + length; register < end; register++)
            {
                Raise(register, value);
            }
        }

        return register == Registers;
    }

    private void Raise(int register, byte value) => _registers[register] = Math.Max(_registers[register], value);

    private static double Sigma(double x)
    {
        if (x == 1)
        {
            return double.PositiveInfinity;
        }

        double before;
        var y = 1.0;
        var z = x;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (before != z);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }

        double before;
        var y = 1.0;
        var z = 1 - x;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= Math.Pow(1 - x, 2) * y;
        }
        while (before != z);
        return z / 3;
    }
}
