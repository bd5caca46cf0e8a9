using System.Text;
using NUnit.Framework;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Tests.Commands.Learnt;

internal sealed class KeySpecReaderTests
{
    [Test]
    public void NumberOfKeys_Read()
    {
        var spec = Read(Told.KeyNum(1, number: 0, first: 1, step: 2));

        Assert.That(spec.BeginSearch, Is.EqualTo(new BeginSearch(BeginSearchKind.Index) { Index = 1 }));
        Assert.That(spec.FindKeys, Is.EqualTo(new FindKeys(FindKeysKind.KeyNum) { KeyNumIndex = 0, FirstKey = 1, KeyStep = 2 }));
    }

    [TestCase(1)]
    [TestCase(-2)]
    public void Keyword_Read(int from) =>
        Assert.That(
            Read(Told.KeysAfter("STORE", from)).BeginSearch,
            Is.EqualTo(new BeginSearch(BeginSearchKind.Keyword) { Keyword = "STORE", StartFrom = from }));

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1025)]
    [TestCase(long.MaxValue)]
    [TestCase(long.MinValue)]
    public void IndexThatIsNoPosition_Unknown(long index) =>
        Assert.That(Read(Told.Keys(index)).BeginSearch.Kind, Is.EqualTo(BeginSearchKind.Unknown));

    [TestCase(0)]
    [TestCase(long.MinValue)]
    [TestCase(long.MaxValue)]
    public void StartThatIsNoPosition_Unknown(long from) =>
        Assert.That(Read(Told.KeysAfter("STORE", from)).BeginSearch.Kind, Is.EqualTo(BeginSearchKind.Unknown));

    [TestCase(0, 0, 0)]
    [TestCase(0, -1, 0)]
    [TestCase(0, 1, -1)]
    [TestCase(5000, 1, 0)]
    [TestCase(long.MinValue, 1, 0)]
    [TestCase(0, long.MaxValue, 0)]
    public void RangeThatDoesNotEnd_Unknown(long lastKey, long step, long limit) =>
        Assert.That(Read(Told.Keys(1, lastKey, step, limit: limit)).FindKeys.Kind, Is.EqualTo(FindKeysKind.Unknown));

    [TestCase(-1, 1, 1)]
    [TestCase(0, -5, 1)]
    [TestCase(0, 1, 0)]
    [TestCase(long.MaxValue, 1, 1)]
    public void NumberThatIsNowhere_Unknown(long number, long first, long step) =>
        Assert.That(Read(Told.KeyNum(1, number, first, step)).FindKeys.Kind, Is.EqualTo(FindKeysKind.Unknown));

    [TestCase("*0\r\n")]
    [TestCase("*-1\r\n")]
    [TestCase(":1\r\n")]
    [TestCase("*2\r\n:1\r\n:2\r\n")]
    [TestCase("*3\r\n+flags\r\n*0\r\n+x\r\n")]
    [TestCase("*2\r\n+begin_search\r\n+x\r\n")]
    public void WhatIsNoSpecification_Unknown(string text)
    {
        var spec = Read(text);

        Assert.That((spec.BeginSearch.Kind, spec.FindKeys.Kind), Is.EqualTo((BeginSearchKind.Unknown, FindKeysKind.Unknown)));
    }

    [Test]
    public void WithoutFlags_EverythingMayHappenToTheKeys() =>
        Assert.That(Read(Told.Keys(1, flags: "")).Flags, Is.EqualTo(KeySpecFlags.ReadsAndWrites | KeySpecFlags.Access | KeySpecFlags.Update));

    [TestCase(long.MaxValue, 1, 1)]
    [TestCase(1, long.MinValue, 1)]
    [TestCase(1, 1, long.MinValue)]
    [TestCase(1, 1, 0)]
    [TestCase(-5, -1, 1)]
    public void RangeOfAnOlderServerThatMakesNoSense_Unknown(long first, long last, long step)
    {
        var spec = KeySpecReader.Range(first, last, step)!;

        Assert.That(spec.BeginSearch.Kind == BeginSearchKind.Unknown || spec.FindKeys.Kind == FindKeysKind.Unknown);
    }

    private static KeySpec Read(string map) => KeySpecReader.Read(Encoding.Latin1.GetBytes(map));
}
