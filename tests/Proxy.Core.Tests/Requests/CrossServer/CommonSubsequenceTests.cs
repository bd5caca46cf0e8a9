using System.Text;
using NUnit.Framework;
using Proxy.Core.Requests.CrossServer;

namespace Proxy.Core.Tests.Requests.CrossServer;

internal sealed class CommonSubsequenceTests
{
    // As Redis 7.0.15 replies LCS … IDX: the last range first.
    [TestCase("ohmytext", "mynewtext", "mytext", "4-7~5-8 2-3~0-1")]
    [TestCase("abc", "abc", "abc", "0-2~0-2")]
    [TestCase("abc", "xyz", "", "")]
    [TestCase("", "xyz", "", "")]
    [TestCase("a", "", "", "")]
    [TestCase("aXb", "ab", "ab", "2-2~1-1 0-0~0-0")]
    [TestCase("ab", "ba", "b", "1-1~0-0")]
    public void Strings_HaveTheSubsequenceThatRedisFinds(string first, string second, string text, string ranges)
    {
        var common = new CommonSubsequence(Encoding.ASCII.GetBytes(first), Encoding.ASCII.GetBytes(second), hasPath: true);
        var found = new byte[common.Length];
        var shown = common.Trace(found)
            .Select(range => $"{range.First}-{range.First + range.Length - 1}~{range.Second}-{range.Second + range.Length - 1}");

        Assert.That((Encoding.ASCII.GetString(found), string.Join(' ', shown)), Is.EqualTo((text, ranges)));
    }

    [Test]
    public void RandomStrings_HaveASubsequenceOfTheTablesLength()
    {
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            var first = RandomBytes(random);
            var second = RandomBytes(random);
            var common = new CommonSubsequence(first, second, hasPath: true);
            var text = new byte[common.Length];
            var ranges = common.Trace(text);

            Assert.That(common.Length, Is.EqualTo(LengthOf(first, second)));
            Assert.That(ranges.Sum(range => range.Length), Is.EqualTo(common.Length));
            Assert.That(
                ranges.AsEnumerable().Reverse().SelectMany(range => first[range.First..(range.First + range.Length)]), Is.EqualTo(text));
            Assert.That(
                ranges.AsEnumerable().Reverse().SelectMany(range => second[range.Second..(range.Second + range.Length)]), Is.EqualTo(text));
            Assert.That(new CommonSubsequence(first, second, hasPath: false).Length, Is.EqualTo(common.Length));
        }
    }

    [TestCase(11_585, 11_585, true)]
    [TestCase(11_584, 11_584, false)]
    [TestCase(134_217_727, 0, false)]
    [TestCase(134_217_728, 0, true)]
    public void TableBeyond512Megabytes_IsTooLarge(long first, long second, bool expected) =>
        Assert.That(CommonSubsequence.IsTooLarge(first, second), Is.EqualTo(expected));

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(60)];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)random.Next('a', 'e');
        }

        return bytes;
    }

    private static int LengthOf(byte[] first, byte[] second)
    {
        var table = new int[first.Length + 1, second.Length + 1];
        for (var i = 1; i <= first.Length; i++)
        {
            for (var j = 1; j <= second.Length; j++)
            {
                table[i, j] = first[i - 1] == second[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
            }
        }

        return table[first.Length, second.Length];
    }
}
