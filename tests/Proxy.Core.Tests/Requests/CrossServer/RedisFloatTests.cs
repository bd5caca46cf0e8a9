using System.Text;
using NUnit.Framework;
using Proxy.Core.Requests.CrossServer;

namespace Proxy.Core.Tests.Requests.CrossServer;

public sealed class RedisFloatTests
{
    [TestCase("1", 1)]
    [TestCase("-1.5", -1.5)]
    [TestCase("+2", 2)]
    [TestCase(".5", 0.5)]
    [TestCase("5.", 5)]
    [TestCase("1e3", 1000)]
    [TestCase("1E-3", 0.001)]
    [TestCase("inf", double.PositiveInfinity)]
    [TestCase("+InF", double.PositiveInfinity)]
    [TestCase("-infinity", double.NegativeInfinity)]
    [TestCase("0x10", 16)]
    [TestCase("-0X1.8p1", -3)]
    [TestCase("0x.8", 0.5)]
    [TestCase("0e99999", 0)]
    [TestCase("4.9e-324", double.Epsilon)]
    public void WhatStrtodTakesWhole_IsANumber(string text, double expected)
    {
        Assert.That(RedisFloat.TryParse(Encoding.Latin1.GetBytes(text), out var value), Is.True);
        Assert.That(value, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("-")]
    [TestCase(" 1")]
    [TestCase("1 ")]
    [TestCase("nan")]
    [TestCase("-nan")]
    [TestCase("infi")]
    [TestCase("inf\0")]
    [TestCase("1\0")]
    [TestCase("1e")]
    [TestCase("e5")]
    [TestCase("1,5")]
    [TestCase("--1")]
    [TestCase("0x")]
    [TestCase("0x1p")]
    [TestCase("0xg")]
    [TestCase("1e400")]
    [TestCase("1e-400")]
    [TestCase(".")]
    public void AnythingElse_IsNone(string text) => Assert.That(RedisFloat.TryParse(Encoding.Latin1.GetBytes(text), out _), Is.False);
}
