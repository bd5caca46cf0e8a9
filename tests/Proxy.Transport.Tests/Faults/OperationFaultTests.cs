using System.Net.Sockets;
using DotNetty.Transport.Channels;
using NUnit.Framework;
using Proxy.Testing;
using Proxy.Transport.IoUring;
using Proxy.Transport.Native;
using Proxy.Transport.Tests.Contract;
using Proxy.Transport.Tests.IoUring;

namespace Proxy.Transport.Tests.Faults;

/// <summary>
/// Operations of io_uring that complete with an error: what passes costs no byte, what does not ends as the contract says. Each is told once, and
/// none makes a loop spin.
/// </summary>
[TestFixtureSource(typeof(RingVariant), nameof(RingVariant.Best))]
public sealed class OperationFaultTests(string variant) : TransportFixture(new TransportCase("io_uring", AddressKind.Ipv4))
{
    private volatile Func<OperationKind, int?>? _fault;

    private protected override ITransport NewTransport()
    {
        _fault = null;
        return new IoUringTransport(
            new IoUringOptions(TimeSpan.Zero, 1),
            RingVariant.Features(variant),
            newRing: features => new FaultyRing(1024, 4096, features) { OperationFault = kind => _fault?.Invoke(kind) });
    }

    [TearDown]
    public void BehaveAgain() => _fault = null;

    [TestCase(Errno.Again)]
    [TestCase(Errno.Interrupted)]
    [TestCase(Errno.NoBuffers)]
    public void ReceiveFailsForAMoment_EverythingArrives(int errno)
    {
        Fail(3, errno, OperationKind.Receive);
        var link = Accept();
        link.Peer.Send("abc"u8);
        Eventually.Equal(() => link.Recorder.ReceivedBytes, 3, "everything has arrived");
        Assert.That(link.Recorder.Failures, Is.Empty);
    }

    [TestCase(Errno.ConnectionReset, SocketError.ConnectionReset)]
    [TestCase(Errno.NoMemory, SocketError.NoBufferSpaceAvailable)]
    public void ReceiveFails_ToldOnceAndCloses(int errno, SocketError told)
    {
        Fail(1, errno, OperationKind.Receive);
        AssertBroken(Watch(), told);
    }

    [Test]
    public void SendFailsForAMoment_EverythingArrives([Values(Errno.Again, Errno.Interrupted)] int errno, [Values] bool unpromised)
    {
        var link = Accept(b => b.ChildOption(Transport.UnpromisedWrites, unpromised));
        Fail(3, errno, OperationKind.Send, OperationKind.QuickSend);
        Completes(link.Channel.WriteAndFlushAsync(Buffer("abc"u8)));
        Assert.That(link.Peer.Receive(3), Is.EqualTo("abc"u8.ToArray()));
        Assert.That(link.Recorder.Failures, Is.Empty);
    }

    [Test]
    public void SendFails_ToldOnceAndCloses(
        [Values(Errno.ConnectionReset, Errno.NoMemory, Errno.NoBuffers)] int errno, [Values] bool unpromised)
    {
        Fail(int.MaxValue, errno, OperationKind.Send, OperationKind.QuickSend);
        AssertBroken(
            Watch(new Recorder { OnActive = context => context.WriteAndFlushAsync(Buffer("abc"u8)) }),
            errno == Errno.ConnectionReset ? SocketError.ConnectionReset : SocketError.NoBufferSpaceAvailable,
            unpromised);
    }

    [Test]
    public void SendFailsWithAPromise_TheWriteFails()
    {
        var link = Accept();
        Fail(1, Errno.NoMemory, OperationKind.Send);
        Fails<SocketException>(link.Channel.WriteAndFlushAsync(Buffer("abc"u8)));
    }

    [Test]
    public void SendsAreShort_EverythingArrivesInOrder([Values] bool unpromised)
    {
        var link = Accept(b => b.ChildOption(Transport.UnpromisedWrites, unpromised));
        _fault = kind => kind is OperationKind.Send or OperationKind.QuickSend ? -7 : null;
        var bytes = RandomBytes(1000);
        link.Channel.WriteAndFlushAsync(Buffer(bytes));
        Assert.That(link.Peer.Receive(bytes.Length), Is.EqualTo(bytes));
    }

    [TestCase(Errno.Interrupted)]
    [TestCase(Errno.ConnectionReset)]
    [TestCase(Errno.ConnectionAborted)]
    public void ClientWasGone_PassedOverSilently(int errno) => AssertAcceptedAfter(errno, told: []);

    [TestCase(Errno.NoMemory, SocketError.NoBufferSpaceAvailable)]
    [TestCase(Errno.NoBuffers, SocketError.NoBufferSpaceAvailable)]
    [TestCase(Errno.TooManyFiles, SocketError.TooManyOpenSockets)]
    public void AcceptFails_ToldOnceAndTheClientIsAcceptedAfterAPause(int errno, SocketError told) => AssertAcceptedAfter(errno, told);

    [Test]
    public void WakeUpsFailForLong_TasksRunAndTheLoopDoesNotSpin()
    {
        var loop = Group.GetNext();
        var reads = 0;
        _fault = kind =>
        {
            if (kind != OperationKind.WakeUp)
            {
                return null;
            }

            Interlocked.Increment(ref reads);
            return Errno.InputOutput;
        };
        Runs(loop);
        Runs(loop);
        Eventually.LetTimePass(TimeSpan.FromMilliseconds(300));
        Runs(loop);
        Assert.That(reads, Is.InRange(2, 100));

        _fault = null;
        Runs(loop);
    }

    private static void Runs(IEventLoop loop)
    {
        var ran = new TaskCompletionSource();
        loop.Execute(ran.SetResult);
        Completes(ran.Task);
    }

    /// <summary>The next <paramref name="times"/> operations of these kinds fail.</summary>
    private void Fail(int times, int errno, params OperationKind[] kinds)
    {
        var left = times;
        _fault = kind => kinds.Contains(kind) && Interlocked.Decrement(ref left) >= 0 ? errno : null;
    }

    private void AssertBroken(Recorder recorder, SocketError told, bool unpromised = false)
    {
        var listener = Listen(() => [recorder], b => b.ChildOption(Transport.UnpromisedWrites, unpromised));
        Own(Peer.Connect(listener.LocalAddress));
        Eventually.True(() => recorder.Saw("unregistered"), "the close is reported");
        Assert.That(recorder.Events, Is.EqualTo(new[] { "registered", "active", "error", "inactive", "unregistered" }));
        Assert.That(recorder.Failures.Select(failure => (failure as SocketException)?.SocketErrorCode), Is.EqualTo(new[] { told }));
    }

    private void AssertAcceptedAfter(int errno, params SocketError[] told)
    {
        Fail(3, errno, OperationKind.Accept);
        var watcher = new ListenerWatcher();
        var recorder = Watch();
        var listener = Listen(() => [recorder], b => b.Handler(watcher));
        Own(Peer.Connect(listener.LocalAddress));
        Eventually.True(() => recorder.Saw("active"), "the client is accepted");
        Assert.That(watcher.Failures.Select(failure => ((SocketException)failure).SocketErrorCode), Is.EqualTo(told));
    }
}
