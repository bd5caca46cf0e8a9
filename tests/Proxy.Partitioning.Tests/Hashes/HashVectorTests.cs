using System.Text;
using NUnit.Framework;

namespace Proxy.Partitioning.Tests.Hashes;

[TestFixture]
internal sealed class HashVectorTests
{
    [TestCaseSource(typeof(HashFunctions), nameof(HashFunctions.Names))]
    public void RecordedKeys_HashAsInTwemproxy(string name)
    {
        Assert.That(HashFunctions.TryParse(name, out var hash), Is.True);
        var column = Array.IndexOf(File.ReadLines(VectorFiles.PathOf("hash_vectors.tsv")).First().Split('\t'), name);
        var rows = VectorFiles.Rows("hash_vectors.tsv").ToArray();

        var computed = rows.Select(row => $"{row[0]} {HashFunctions.Compute(hash, VectorFiles.Key(row[0]))}");

        Assert.That(rows, Has.Length.EqualTo(180));
        Assert.That(computed, Is.EqualTo(rows.Select(row => $"{row[0]} {row[column]}")));
    }

    // The numbers of twemproxy's own unit test (its src/test_all.c).
    [TestCase(HashFunction.OneAtATime, 2297466611u)]
    [TestCase(HashFunction.Md5, 3195025439u)]
    [TestCase(HashFunction.Crc16, 3662830516u)]
    [TestCase(HashFunction.Crc32, 10542u)]
    [TestCase(HashFunction.Crc32a, 2838417488u)]
    [TestCase(HashFunction.Fnv1_32, 67176023u)]
    [TestCase(HashFunction.Fnv1a_32, 280767167u)]
    [TestCase(HashFunction.Fnv1_64, 473199127u)]
    [TestCase(HashFunction.Fnv1a_64, 1488911807u)]
    [TestCase(HashFunction.Hsieh, 3738850110u)]
    [TestCase(HashFunction.Jenkins, 1442444624u)]
    [TestCase(HashFunction.Murmur, 4142305122u)]
    public void Apple_HashesAsInTwemproxysUnitTest(HashFunction hash, uint expected) =>
        Assert.That(HashFunctions.Compute(hash, "apple"u8), Is.EqualTo(expected));

    [Test]
    public void EmptyKey_IsZeroForEveryFunction() =>
        Assert.That(Enum.GetValues<HashFunction>().Select(hash => HashFunctions.Compute(hash, [])), Is.All.Zero);

    // The check values of the catalogue of CRCs (reveng.sourceforge.io) and of RFC 1321.
    [TestCase(HashFunction.Crc32a, "123456789", 0xCBF43926u)]
    [TestCase(HashFunction.Md5, "abc", 0x98500190u)]
    public void PublishedCheckValue_IsMet(HashFunction hash, string key, uint expected) =>
        Assert.That(HashFunctions.Compute(hash, Encoding.ASCII.GetBytes(key)), Is.EqualTo(expected));

    [Test]
    public void UnknownFunction_Throws() =>
        Assert.That(() => HashFunctions.Compute((HashFunction)12, "a"u8), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
