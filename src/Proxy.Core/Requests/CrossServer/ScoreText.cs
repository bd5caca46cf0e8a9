using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Proxy.Core.Topology;

namespace Proxy.Core.Requests.CrossServer;

/// <summary>Scores of sorted sets as they stand in replies.</summary>
internal static class ScoreText
{
    /// <summary>Bytes that hold any score.</summary>
    public const int MaxLength = 40;

    /// <summary>How the servers write scores, by what a server told about itself; as the version that is the reference until one told.</summary>
    public static ScoreStyle StyleOf(ServerFacts? facts) => Version.TryParse(facts?.Version, out var version)
        ? version < new Version(7, 2) ? ScoreStyle.Digits17 : version < new Version(7, 4) ? ScoreStyle.Shortest : ScoreStyle.ShortestOrWhole
        : ScoreStyle.Digits17;

    /// <summary>Reads a score that a server wrote.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double score)
    {
        if (text.SequenceEqual("inf"u8) || text.SequenceEqual("-inf"u8))
        {
            score = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out score);
    }

    /// <summary>Writes a score that is a number or infinite.</summary>
    /// <param name="score">Not NaN.</param>
    /// <param name="style">The servers' way.</param>
    /// <param name="into">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(double score, ScoreStyle style, Span<byte> into)
    {
        if (double.IsInfinity(score))
        {
            return Copy(score > 0 ? "inf"u8 : "-inf"u8, into);
        }

        int length;
        if (style == ScoreStyle.Digits17)
        {
            score.TryFormat(into, out length, "g17", CultureInfo.InvariantCulture);
            return length;
        }

        if (score == 0)
        {
            return Copy(double.IsNegative(score) ? "-0"u8 : "0"u8, into);
        }

        // As far as Redis converts back and forth without a loss.
        if (style == ScoreStyle.ShortestOrWhole && Math.Abs(score) <= long.MaxValue / 2 && Math.Truncate(score) == score)
        {
            ((long)score).TryFormat(into, out length, default, CultureInfo.InvariantCulture);
            return length;
        }

        return WriteShortest(score, into);
    }

    /// <summary>The layout of the fpconv library, which Redis uses since 7.2.</summary>
    private static int WriteShortest(double score, Span<byte> into)
    {
        // The fewest digits, "-1.25E-007", taken apart: digits 125, of which the last stands for 10^exponent.
        Span<char> text = stackalloc char[MaxLength];
        Math.Abs(score).TryFormat(text, out var written, "R", CultureInfo.InvariantCulture);
        var (digits, exponent) = TakeApart(text[..written]);
        var result = new StringBuilder(MaxLength);
        if (score < 0)
        {
            result.Append('-');
        }

        var magnitude = Math.Abs(exponent + digits.Length - 1);
        if (exponent >= 0 && magnitude < digits.Length + 7)
        {
            result.Append(digits).Append('0', exponent);
        }
        else if (exponent < 0 && (exponent > -7 || magnitude < 4))
        {
            var whole = digits.Length + exponent;
            _ = whole <= 0
                ? result.Append("0.").Append('0', -whole).Append(digits)
                : result.Append(digits.AsSpan(0, whole)).Append('.').Append(digits.AsSpan(whole));
        }
        else
        {
            result.Append(digits[0]);
            if (digits.Length > 1)
            {
                result.Append('.').Append(digits.AsSpan(1));
            }

            result.Append('e').Append(exponent + digits.Length - 1 < 0 ? '-' : '+').Append(magnitude);
        }

        Utf8.FromUtf16(result.ToString(), into, out _, out var length);
        return length;
    }

    private static (string Digits, int Exponent) TakeApart(ReadOnlySpan<char> text)
    {
        var e = text.IndexOf('E');
        var exponent = e < 0 ? 0 : int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        digits = digits.TrimStart('0');
        var significant = digits.TrimEnd('0');
        return (significant, exponent + digits.Length - significant.Length);
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> into)
    {
        text.CopyTo(into);
        return text.Length;
    }
}
