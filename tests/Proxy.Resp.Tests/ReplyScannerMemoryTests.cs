using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Resp.Tests;

/// <summary>What the reply scanner allocates and holds.</summary>
public sealed class ReplyScannerMemoryTests
{
    [TestCase("+OK\r\n")]
    [TestCase("$5\r\nhello\r\n:1\r\n-ERR no\r\n")]
    [TestCase("*3\r\n$1\r\na\r\n*1\r\n:1\r\n%1\r\n+a\r\n,1.5\r\n")]
    public void Replies_SteadyState_AllocateNothing(string literal)
    {
        var bytes = Cuts.Bytes(literal);
        var scanner = new ReplyScanner();

        Assert.That(Allocations.Of(() => ScanAll(scanner, bytes)), Is.Zero);
    }

    [Test]
    public void Replies_ByteByByte_AllocateNothing()
    {
        var bytes = Cuts.Bytes("*3\r\n$1\r\na\r\n:17\r\n,1.5\r\n+OK\r\n");
        var scanner = new ReplyScanner();

        Assert.That(
            Allocations.Of(() =>
            {
                for (var i = 0; i < bytes.Length; i++)
                {
                    scanner.Scan(bytes.AsSpan(i, 1), out _);
                }
            }),
            Is.Zero);
    }

    [Test]
    public void Scanner_New_IsSmall() => Assert.That(Allocations.Of(() => GC.KeepAlive(new ReplyScanner())), Is.LessThan(300));

    [Test]
    public void LengthsDeclared_AllocateNothing()
    {
        var bytes = Cuts.Bytes("*2147483647\r\n*2147483647\r\n$536870912\r\nabc");
        var scanner = new ReplyScanner();

        Assert.That(
            Allocations.Of(() =>
            {
                scanner.Scan(bytes, out _);
                scanner.Reset();
            }),
            Is.Zero);
    }

    [Test]
    public void BulkOf512Megabytes_InPieces_TouchesNone()
    {
        var scanner = new ReplyScanner();
        scanner.Scan("$536870912\r\n"u8, out _);
        var piece = new byte[1024 * 1024];

        // Half a gigabyte in far less than the time to read it.
        for (var i = 0; i < 512; i++)
        {
            scanner.Scan(piece, out _);
        }

        Assert.That(scanner.Scan("\r\n"u8, out _), Is.EqualTo(ReplyScanStatus.Complete));
    }

    [Test]
    public void RandomGarbage_NeverThrows_AllocatesLittle([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        var allocated = 0L;
        var received = 0L;
        for (var round = 0; round < 2000; round++)
        {
            var bytes = Garbage(random);
            var scanner = new ReplyScanner();
            var before = GC.GetAllocatedBytesForCurrentThread();
            ScanAll(scanner, bytes);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            received += bytes.Length;
        }

        // Two texts for the log each, and the levels that were there.
        Assert.That(allocated, Is.LessThan((10 * received) + (2000 * 1024)));
    }

    private static byte[] Garbage(Random random)
    {
        if (random.Next(2) == 0)
        {
            return Cuts.Bytes(RandomReplies.Next(random));
        }

        var bytes = new byte[random.Next(1, 3000)];
        random.NextBytes(bytes);
        bytes[0] = (byte)"+-:$*_,#!=(%~>|"[random.Next(15)];
        return bytes;
    }

    private static void ScanAll(ReplyScanner scanner, byte[] bytes)
    {
        var start = 0;
        while (start < bytes.Length && scanner.Scan(bytes.AsSpan(start), out var consumed) == ReplyScanStatus.Complete)
        {
            start += consumed;
        }
    }
}
