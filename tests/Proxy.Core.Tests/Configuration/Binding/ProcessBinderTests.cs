using System.Net;
using NUnit.Framework;
using Proxy.Core.Model;

namespace Proxy.Core.Tests.Configuration.Binding;

[TestFixture]
internal sealed class ProcessBinderTests
{
    private static ProcessModel Process(string directives) => Loading.Model(PoolText.WithProcess(directives)).Process;

    [Test]
    public void Accepts_AutomaticThreads() => Assert.That(Process("threads: auto").Threads, Is.EqualTo(Environment.ProcessorCount));

    [Test]
    public void Accepts_NumberOfThreads() => Assert.That(Process("threads: 5").Threads, Is.EqualTo(5));

    [TestCase("0", "directive \"threads:\" cannot be 0")]
    [TestCase("1025", "directive \"threads\" is out of range (1 to 1024): '1025'")]
    [TestCase("many", "directive \"threads\" is not a number: 'many'")]
    public void Rejects_Threads(string threads, string reason) =>
        Assert.That(Loading.ProcessErrors($"threads: {threads}"), Is.EqualTo(new[] { $"proxy.threads: {reason}" }));

    [TestCase("auto", nameof(TransportKind.Auto))]
    [TestCase("io_uring", nameof(TransportKind.IoUring))]
    [TestCase("epoll", nameof(TransportKind.Epoll))]
    [TestCase("socket", nameof(TransportKind.Socket))]
    public void Accepts_Transport(string name, string kind) =>
        Assert.That(Process($"transport: {name}").Transport, Is.EqualTo(Enum.Parse<TransportKind>(kind)));

    [TestCase("sockets", " (did you mean 'socket'?)")]
    [TestCase("io-uring", " (did you mean 'io_uring'?)")]
    [TestCase("iouring", " (did you mean 'io_uring'?)")]
    [TestCase("kqueue", " (known: auto, io_uring, epoll, socket)")]
    public void Rejects_UnknownTransport(string name, string advice) =>
        Assert.That(
            Loading.ProcessErrors($"transport: {name}"),
            Is.EqualTo(new[] { $"proxy.transport: directive \"transport\" is not a transport: '{name}'{advice}" }));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(10_000)]
    public void Accepts_IoUringWait(int microseconds) =>
        Assert.That(Process($"io_uring_wait_us: {microseconds}").IoUringWait, Is.EqualTo(TimeSpan.FromMicroseconds(microseconds)));

    [TestCase("10001", "directive \"io_uring_wait_us\" is out of range (0 to 10000): '10001'")]
    [TestCase("60us", "directive \"io_uring_wait_us\" is not a number: '60us'")]
    public void Rejects_IoUringWait(string wait, string reason) =>
        Assert.That(Loading.ProcessErrors($"io_uring_wait_us: {wait}"), Is.EqualTo(new[] { $"proxy.io_uring_wait_us: {reason}" }));

    [TestCase(1)]
    [TestCase(4096)]
    public void Accepts_IoUringWaitReads(int reads) =>
        Assert.That(Process($"io_uring_wait_reads: {reads}").IoUringWaitReads, Is.EqualTo(reads));

    [TestCase("0", "directive \"io_uring_wait_reads:\" cannot be 0")]
    [TestCase("4097", "directive \"io_uring_wait_reads\" is out of range (1 to 4096): '4097'")]
    public void Rejects_IoUringWaitReads(string reads, string reason) =>
        Assert.That(Loading.ProcessErrors($"io_uring_wait_reads: {reads}"), Is.EqualTo(new[] { $"proxy.io_uring_wait_reads: {reason}" }));

    [TestCase("admin")]
    [TestCase("stats")]
    public void Accepts_AddressOrOff(string key)
    {
        Assert.That(Address(Process($"{key}: 0.0.0.0:9000"), key)?.EndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Any, 9000)));
        Assert.That(Address(Process($"{key}: off"), key), Is.Null);
    }

    [TestCase("admin")]
    [TestCase("stats")]
    public void Rejects_AddressThatIsNone(string key) =>
        Assert.That(
            Loading.ProcessErrors($"{key}: 9151"),
            Is.EqualTo(new[] { $"proxy.{key}: directive \"{key}\" has an invalid \"hostname:port\" format string (or off): '9151'" }));

    [Test]
    public void Accepts_TimesAndSizes()
    {
        var process = Process("drain_timeout: 2m\nmemory_limit: 1gb");

        Assert.That((process.DrainTimeout, process.MemoryLimit), Is.EqualTo((TimeSpan.FromMinutes(2), 1L << 30)));
    }

    [TestCase("0", 0)]
    [TestCase("11", 11)]
    [TestCase("error", 3)]
    [TestCase("warning", 4)]
    [TestCase("notice", 5)]
    [TestCase("info", 6)]
    [TestCase("debug", 7)]
    [TestCase("trace", 11)]
    public void Accepts_LogLevelByNumberAndName(string level, int verbosity) =>
        Assert.That(Process($"log:\n  level: {level}").Log.Verbosity, Is.EqualTo(verbosity));

    [Test]
    public void Accepts_LogFileAndFormat() =>
        Assert.That(
            Process("log:\n  file: /tmp/a b.log\n  format: json").Log,
            Is.EqualTo(new LogModel { File = "/tmp/a b.log", Format = LogFormat.Json }));

    [Test]
    public void Rejects_LogLevelAndFormat() =>
        Assert.That(
            Loading.ProcessErrors("log:\n  level: 12\n  format: xml"),
            Is.EqualTo(new[]
            {
                "proxy.log.level: directive \"level\" is not a level: '12' (did you mean '1'?)",
                "proxy.log.format: directive \"format\" is not \"text\" or \"json\": 'xml' (known: text, json)",
            }));

    [Test]
    public void Rejects_UnknownKeysOfProcessAndLog() =>
        Assert.That(
            Loading.ProcessErrors("thread: 1\nio_uring_wait: 50\nlog:\n  flie: x"),
            Is.EqualTo(new[]
            {
                "proxy.thread: directive \"thread\" is unknown (did you mean 'threads'?)",
                "proxy.io_uring_wait: directive \"io_uring_wait\" is unknown (did you mean 'io_uring_wait_us'?)",
                "proxy.log.flie: directive \"flie\" is unknown (did you mean 'file'?)",
            }));

    private static AddressModel? Address(ProcessModel process, string key) => key == "admin" ? process.Admin : process.Stats;
}
