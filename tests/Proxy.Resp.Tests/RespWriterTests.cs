using System.Buffers;
using NUnit.Framework;

namespace Proxy.Resp.Tests;

/// <summary>What each method puts on the wire.</summary>
public sealed class RespWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    [SetUp]
    public void SetUp() => _output.Clear();

    [Test]
    public void SimpleString_Written()
    {
        RespWriter.SimpleString(_output, "OK"u8);

        AssertOutput("+OK\r\n");
    }

    [Test]
    public void Error_Written()
    {
        RespWriter.Error(_output, "ERR no"u8);

        AssertOutput("-ERR no\r\n");
    }

    [TestCase(0, ":0\r\n")]
    [TestCase(-12, ":-12\r\n")]
    [TestCase(long.MinValue, ":-9223372036854775808\r\n")]
    public void Integer_Written(long value, string wire)
    {
        RespWriter.Integer(_output, value);

        AssertOutput(wire);
    }

    [TestCase("", "$0\r\n\r\n")]
    [TestCase("hello", "$5\r\nhello\r\n")]
    [TestCase("\r\n", "$2\r\n\r\n\r\n")]
    public void Bulk_OfBytes_Written(string value, string wire)
    {
        RespWriter.Bulk(_output, Cuts.Bytes(value));

        AssertOutput(wire);
    }

    [Test]
    public void Bulk_OfText_WrittenAsUtf8()
    {
        RespWriter.Bulk(_output, "\u00fc");

        AssertOutput("$2\r\n\u00c3\u00bc\r\n");
    }

    [Test]
    public void BulkNumber_Written()
    {
        RespWriter.BulkNumber(_output, -1795401882);

        AssertOutput("$11\r\n-1795401882\r\n");
    }

    [TestCase(2, "$-1\r\n")]
    [TestCase(3, "_\r\n")]
    public void Null_WrittenInTheVersion(int version, string wire)
    {
        RespWriter.Null(_output, version);

        AssertOutput(wire);
    }

    [Test]
    public void NullArray_Written()
    {
        RespWriter.NullArray(_output);

        AssertOutput("*-1\r\n");
    }

    [Test]
    public void ArrayHeader_Written()
    {
        RespWriter.ArrayHeader(_output, 12);

        AssertOutput("*12\r\n");
    }

    [TestCase(2, "*14\r\n")]
    [TestCase(3, "%7\r\n")]
    public void MapHeader_WrittenInTheVersion(int version, string wire)
    {
        RespWriter.MapHeader(_output, 7, version);

        AssertOutput(wire);
    }

    [TestCase(2, "$3\r\n\xC3\xBC\n\r\n")]
    [TestCase(3, "=7\r\ntxt:\xC3\xBC\n\r\n")]
    public void Verbatim_WrittenInTheVersion(int version, string wire)
    {
        RespWriter.Verbatim(_output, "ü\n", version);

        AssertOutput(wire);
    }

    private void AssertOutput(string wire) => Assert.That(Cuts.Text(_output.WrittenSpan), Is.EqualTo(wire));
}
