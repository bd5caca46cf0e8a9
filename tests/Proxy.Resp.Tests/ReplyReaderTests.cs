using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>Complete replies, element by element.</summary>
public sealed class ReplyReaderTests
{
    [Test]
    public void Array_OfBulks_ReadAsEncodedElements()
    {
        var reader = new ReplyReader("*3\r\n$1\r\na\r\n$-1\r\n$0\r\n\r\n"u8);
        reader.TryReadArrayHeader(out var count);
        var elements = new List<string>();
        while (!reader.AtEnd)
        {
            elements.Add(Cuts.Text(reader.ReadElement()));
        }

        Assert.That(count, Is.EqualTo(3));
        Assert.That(elements, Is.EqualTo(["$1\r\na\r\n", "$-1\r\n", "$0\r\n\r\n"]));
    }

    [TestCase("+OK\r\n")]
    [TestCase(":1\r\n")]
    [TestCase("$3\r\n\r\n\r\r\n")]
    [TestCase("*0\r\n")]
    [TestCase("*-1\r\n")]
    [TestCase("*2\r\n*1\r\n:1\r\n%1\r\n+k\r\n*2\r\n:1\r\n:2\r\n")]
    [TestCase("|1\r\n+ttl\r\n:3\r\n$1\r\na\r\n")]
    [TestCase("*1\r\n|1\r\n+ttl\r\n:3\r\n$1\r\na\r\n")]
    [TestCase("~1\r\n=7\r\ntxt:abc\r\n")]
    [TestCase(">1\r\n!3\r\nERR\r\n")]
    [TestCase("_\r\n")]
    [TestCase("%0\r\n")]
    public void Element_OfAnyType_ReadWhole(string literal)
    {
        var reader = new ReplyReader(Cuts.Bytes(literal + ":2\r\n"));

        Assert.That(Cuts.Text(reader.ReadElement()), Is.EqualTo(literal));
        Assert.That(reader.TryReadInteger(out var next) ? next : 0, Is.EqualTo(2));
    }

    [Test]
    public void Element_NestedDeeply_ReadWithoutRecursion()
    {
        var literal = string.Concat(Enumerable.Repeat("*1\r\n", 100_000)) + ":1\r\n";
        var reader = new ReplyReader(Cuts.Bytes(literal));

        Assert.That(reader.ReadElement().Length, Is.EqualTo(literal.Length));
    }

    [TestCase("*3\r\n", true, 3)]
    [TestCase("*0\r\n", true, 0)]
    [TestCase("*-1\r\n", true, -1)]
    [TestCase(":3\r\n", false, 0)]
    [TestCase("-ERR\r\n", false, 0)]
    [TestCase("", false, 0)]
    public void ArrayHeader_OrAnotherType_Told(string literal, bool isArray, int count)
    {
        var reader = new ReplyReader(Cuts.Bytes(literal));

        Assert.That(reader.TryReadArrayHeader(out var found), Is.EqualTo(isArray));
        Assert.That(found, Is.EqualTo(count));
    }

    [TestCase(":3\r\n", true, 3)]
    [TestCase(":-3\r\n", true, -3)]
    [TestCase("$1\r\n3\r\n", false, 0)]
    public void Integer_OrAnotherType_Told(string literal, bool isInteger, long value)
    {
        var reader = new ReplyReader(Cuts.Bytes(literal));

        Assert.That(reader.TryReadInteger(out var found), Is.EqualTo(isInteger));
        Assert.That(found, Is.EqualTo(value));
    }

    [TestCase("+OK\r\n", "OK")]
    [TestCase("-ERR no\r\n", "ERR no")]
    [TestCase("$2\r\n\r\n\r\n", "\r\n")]
    [TestCase("$0\r\n\r\n", "")]
    [TestCase("=7\r\ntxt:abc\r\n", "txt:abc")]
    [TestCase("$-1\r\n", null)]
    [TestCase(":1\r\n", null)]
    public void Text_OfAnyEncoding_Read(string literal, string? text)
    {
        var reader = new ReplyReader(Cuts.Bytes(literal));

        Assert.That(reader.TryReadText(out var found) ? Cuts.Text(found) : null, Is.EqualTo(text));
    }

    [TestCase("-LOADING Redis is loading the dataset in memory\r\n", "LOADING", "LOADING Redis is loading the dataset in memory")]
    [TestCase("-ERR\r\n", "ERR", "ERR")]
    [TestCase("!9\r\nBUSY wait\r\n", "BUSY", "BUSY wait")]
    public void Error_Whole_PrefixAndText(string literal, string prefix, string text)
    {
        var reply = Cuts.Bytes(literal);

        Assert.That(ReplyReader.IsError(reply), Is.True);
        Assert.That(Cuts.Text(ReplyReader.ErrorPrefix(reply)), Is.EqualTo(prefix));
        Assert.That(Cuts.Text(ReplyReader.ErrorText(reply)), Is.EqualTo(text));
    }

    [TestCase("+OK\r\n")]
    [TestCase("*1\r\n-ERR\r\n")]
    [TestCase("")]
    public void IsError_OfOtherReplies_False(string literal) => Assert.That(ReplyReader.IsError(Cuts.Bytes(literal)), Is.False);

    [TestCase("$1\r\na")]
    [TestCase(":1")]
    [TestCase("*2\r\n:1\r\n")]
    [TestCase("$x\r\n")]
    public void Element_NotScanned_Throws(string literal) =>
        Assert.That(() => new ReplyReader(Cuts.Bytes(literal)).ReadElement().Length, Throws.InstanceOf<SystemException>());
}
