using NUnit.Framework;
using Proxy.Core.Requests.CrossServer;

namespace Proxy.Core.Tests.Requests.CrossServer;

internal sealed class HyperLogLogTests
{
    [Test]
    public void NothingAdded_CountsNothing() => Assert.That(new HyperLogLog().Count(), Is.Zero);

    // The counts are Redis 7.0.15's for the same values.
    [TestCase(new byte[] { 0x7f, 0xff }, 0)]
    [TestCase(new byte[] { 0x80, 0x7f, 0xfe }, 1)]
    [TestCase(new byte[] { 0x83, 0x7f, 0xfb }, 4)]
    public void SparseValue_IsRead(byte[] codes, long expected)
    {
        var union = new HyperLogLog();

        Assert.That((union.Add(Sparse(codes)), union.Count()), Is.EqualTo((HyperLogLogKind.Valid, expected)));
    }

    [Test]
    public void DenseValueWithOneRegister_IsReadWhereverItIs()
    {
        for (var register = 0; register < 16384; register += 97)
        {
            var dense = Dense();
            var bit = register * 6;
            dense[16 + (bit / 8)] |= (byte)(1 << (bit % 8));
            var union = new HyperLogLog();

            Assert.That((union.Add(dense), union.Count()), Is.EqualTo((HyperLogLogKind.Valid, 1L)), $"{register}");
        }
    }

    [Test]
    public void SameElementsInBothEncodings_CountOnce()
    {
        var dense = Dense();
        dense[16] = 1;
        var union = new HyperLogLog();
        union.Add(dense);
        union.Add(Sparse(0x80, 0x7f, 0xfe));

        Assert.That(union.Count(), Is.EqualTo(1));
    }

    [TestCase(new byte[] { 0x7f, 0xfe }, TestName = "a register too few")]
    [TestCase(new byte[] { 0x7f, 0xff, 0x00 }, TestName = "a register too many")]
    [TestCase(new byte[] { 0x7f, 0xff, 0x80 }, TestName = "a value too many")]
    [TestCase(new byte[] { 0x7f, 0xfe, 0x81 }, TestName = "a run beyond the end")]
    [TestCase(new byte[] { 0x7f }, TestName = "cut off")]
    [TestCase(new byte[] { }, TestName = "nothing")]
    public void SparseValueThatIsNotWhole_IsCorrupted(byte[] codes) =>
        Assert.That(new HyperLogLog().Add(Sparse(codes)), Is.EqualTo(HyperLogLogKind.Corrupted));

    [Test]
    public void OtherStrings_AreNone()
    {
        byte[][] others =
        [
            [], "HYLL"u8.ToArray(), Dense()[..^1], [.. Dense(), 0], [.. "HYLX"u8, .. Dense()[4..]], [.. "HYLL"u8, 2, .. Dense()[5..]], Sparse()[..15],
        ];

        Assert.That(others.Select(other => new HyperLogLog().Add(other)), Is.All.EqualTo(HyperLogLogKind.Other));
    }

    private static byte[] Dense() => [.. "HYLL"u8, .. new byte[12 + 12288]];

    private static byte[] Sparse(params byte[] codes) => [.. "HYLL"u8, 1, .. new byte[11], .. codes];
}
