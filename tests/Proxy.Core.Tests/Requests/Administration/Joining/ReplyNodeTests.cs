using System.Text;
using NUnit.Framework;
using Proxy.Core.Requests.Administration.Joining;

namespace Proxy.Core.Tests.Requests.Administration.Joining;

public sealed class ReplyNodeTests
{
    [TestCase(":12|", ':', "12")]
    [TestCase("+OK|", '+', "OK")]
    [TestCase("-ERR no|", '-', "ERR no")]
    [TestCase("$5|a|bc|", '$', "a\r\nbc")]
    [TestCase("$0||", '$', "")]
    [TestCase("$-1|", '$', "")]
    [TestCase("=7|txt:abc|", '=', "abc")]
    [TestCase("!6|ERR no|", '!', "ERR no")]
    [TestCase(",1.5|", ',', "1.5")]
    [TestCase("_|", '_', "")]
    public void Scalar_HasItsText(string reply, char kind, string text)
    {
        var node = Joined.Node(reply);

        Assert.That(((char)node.Kind, Encoding.Latin1.GetString(node.Text.Span)), Is.EqualTo((kind, text)));
    }

    [Test]
    public void Attributes_AreLeftOut()
    {
        var node = ReplyNode.Parse("*1\r\n|1\r\n+k\r\n+v\r\n:7\r\n"u8.ToArray());

        Assert.That(Encoding.Latin1.GetString(node.Items[0].Raw.Span), Is.EqualTo(":7\r\n"));
    }

    [Test]
    public void Aggregate_HasItsItemsAsTheyStandOnTheWire()
    {
        var node = Joined.Node("*3|:1|*2|$1|a|_|%1|+k|~1|#t|");

        Assert.That(node.Items.Select(item => Encoding.Latin1.GetString(item.Raw.Span)), Is.EqualTo(new[] { ":1\r\n", "*2\r\n$1\r\na\r\n_\r\n", "%1\r\n+k\r\n~1\r\n#t\r\n" }));
    }

    [TestCase("%2|+a|:1|+b|:2|")]
    [TestCase("*4|$1|a|:1|$1|b|:2|")]
    public void Map_IsReadInBothVersions(string reply)
    {
        var map = Joined.Node(reply);

        Assert.That((map["a"]!.Integer, map["b"]!.Integer, map["c"]), Is.EqualTo((1L, 2L, (ReplyNode?)null)));
    }

    [Test]
    public void VeryDeepReply_IsKeptInOnePieceWhereNobodyLooks()
    {
        var reply = string.Concat(Enumerable.Repeat("*1|", 100_000)) + ":1|";

        Assert.That(Joined.Node(reply).Raw.Length, Is.EqualTo(Encoding.Latin1.GetByteCount(reply) + 100_001));
    }

    [TestCase("*-1|")]
    [TestCase("*0|")]
    public void EmptyArray_HasNoItems(string reply) => Assert.That(Joined.Node(reply).Items, Is.Empty);

    [TestCase(":-3|", -3, -3.0)]
    [TestCase("$3|1.5|", 0, 1.5)]
    public void Numbers_AreReadFromAnyForm(string reply, long integer, double number)
    {
        var node = Joined.Node(reply);

        Assert.That((node.Integer, node.Number), Is.EqualTo((integer, number)));
    }
}
