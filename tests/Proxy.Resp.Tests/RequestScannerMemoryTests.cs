using System.Text;
using NUnit.Framework;
using Proxy.Testing;

namespace Proxy.Resp.Tests;

/// <summary>What the request scanner allocates and holds.</summary>
public sealed class RequestScannerMemoryTests
{
    [TestCase("*2\r\n$3\r\nGET\r\n$1\r\na\r\n")]
    [TestCase("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$4\r\nabcd\r\n*1\r\n$4\r\nPING\r\n*0\r\n")]
    [TestCase("PING\r\n")]
    [TestCase("SET \"a b\" 'c d'\r\n\r\n")]
    public void Requests_SteadyState_AllocateNothing(string literal)
    {
        var bytes = Cuts.Bytes(literal);
        var scanner = Scanner();

        Assert.That(Allocations.Of(() => ScanAll(scanner, bytes)), Is.Zero);
    }

    [Test]
    public void Requests_CutAnywhere_AllocateNothing()
    {
        var bytes = Cuts.Bytes("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$4\r\nabcd\r\n");
        var scanner = Scanner();

        Assert.That(
            Allocations.Of(() =>
            {
                for (var length = 0; length <= bytes.Length; length++)
                {
                    scanner.Scan(bytes.AsSpan(0, length));
                }
            }),
            Is.Zero);
    }

    [Test]
    public void Request_OfThousandArguments_AllocatesNothing()
    {
        var bytes = Cuts.Bytes("*1000\r\n" + string.Concat(Enumerable.Repeat("$1\r\na\r\n", 1000)));
        var scanner = Scanner();

        Assert.That(Allocations.Of(() => ScanAll(scanner, bytes)), Is.Zero);
    }

    [Test]
    public void Scanner_New_IsSmall() => Assert.That(Allocations.Of(() => GC.KeepAlive(Scanner())), Is.LessThan(300));

    [Test]
    public void Count_Declared_AllocatesNothing()
    {
        var bytes = Cuts.Bytes("*1048576\r\n$536870912\r\nabc");

        Assert.That(
            Allocations.Of(() =>
            {
                var scanner = Scanner();
                scanner.Scan(bytes);
                scanner.Reset();
            }),
            Is.LessThan(300));
    }

    [Test]
    public void Arguments_OneByOne_HoldNoMoreThanATenfold()
    {
        var bytes = Cuts.Bytes("*1000000\r\n" + string.Concat(Enumerable.Repeat("$0\r\n\r\n", 999_999)));
        var scanner = Scanner();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var end = 0; end < bytes.Length; end += 16 * 1024)
        {
            scanner.Scan(bytes.AsSpan(0, end));
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        scanner.Reset();
        Assert.That(allocated, Is.LessThan(10L * bytes.Length));
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
            var scanner = Scanner();
            var before = GC.GetAllocatedBytesForCurrentThread();
            ScanAll(scanner, bytes);
            scanner.Reset();
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            received += bytes.Length;
        }

        // The pool's own arrays, which stay, and ten times what arrived.
        Assert.That(allocated, Is.LessThan((10 * received) + (1024 * 1024)));
    }

    private static byte[] Garbage(Random random)
    {
        var bytes = random.Next(2) == 0 ? Encoding.Latin1.GetBytes(RandomRequests.Next(random)) : new byte[random.Next(1, 3000)];
        if (bytes[0] == 0)
        {
            random.NextBytes(bytes);
        }

        for (var i = random.Next(10); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)"*$-019\r\n\"'"[random.Next(10)];
        }

        return bytes;
    }

    private static RequestScanner Scanner() => new(RequestLimits.Default) { Authenticated = true };

    private static void ScanAll(RequestScanner scanner, byte[] bytes)
    {
        var start = 0;
        while (scanner.Scan(bytes.AsSpan(start)) is RequestScanStatus.Request or RequestScanStatus.Skipped)
        {
            start += scanner.Consumed;
        }
    }
}
