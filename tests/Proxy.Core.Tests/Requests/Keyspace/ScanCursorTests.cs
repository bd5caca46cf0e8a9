using System.Text;
using NUnit.Framework;
using Proxy.Core.Requests.Keyspace;

namespace Proxy.Core.Tests.Requests.Keyspace;

public sealed class ScanCursorTests
{
    [TestCase(4, 0, 0UL, 0UL)]
    [TestCase(4, 1, 0UL, 1UL)]
    [TestCase(4, 3, 8UL, (8UL << 10) + 3)]
    [TestCase(1024, 1023, 1UL, 2047UL)]
    [TestCase(1025, 1024, 1UL, 2048UL + 1024)]
    [TestCase(4, 2, ulong.MaxValue >> 10, ulong.MaxValue - 1023 + 2)]
    public void CursorOfAServer_ComesBack(int shards, int shard, ulong position, ulong number)
    {
        Assert.That(new ScanCursor(shard, position).TryEncode(shards, out var encoded), Is.True);
        Assert.That(encoded, Is.EqualTo(number));
        Assert.That(Parse($"{number}", shards), Is.EqualTo(new ScanCursor(shard, position)));
    }

    [TestCase("")]
    [TestCase("abc")]
    [TestCase("-1")]
    [TestCase("+1")]
    [TestCase(" 0")]
    [TestCase("1.5")]
    [TestCase("18446744073709551616")]
    [TestCase("99999999999999999999999")]
    [TestCase("4")]
    [TestCase("1027")]
    [TestCase("1023")]
    public void WhatNoScanAnswered_IsNoCursor(string text) => Assert.That(Parse(text, shards: text == "1027" ? 3 : 4), Is.Null);

    [Test]
    public void CursorThatDoesNotFit_IsNotEncoded() =>
        Assert.That(new ScanCursor(0, (ulong.MaxValue >> 10) + 1).TryEncode(4, out _), Is.False);

    private static ScanCursor? Parse(string text, int shards) =>
        ScanCursor.TryParse(Encoding.ASCII.GetBytes(text), shards, out var cursor) ? cursor : null;
}
