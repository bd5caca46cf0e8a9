using System.Net.Sockets;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Proxy.Transport.IoUring;
using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.Tests.IoUring;

/// <summary>
/// What sending without completions rests on: after the call that took the submission, a send without a completion is done, and every
/// other one has its completion.
/// </summary>
[TestFixtureSource(typeof(RingVariant), nameof(RingVariant.Names))]
public sealed class SkippedCompletionTests(string variant)
{
    private const uint NoSignal = 0x4000;
    private const uint DontWait = 0x40;
    private const uint WaitAll = 0x100;
    private const int Eagain = 11;
    private const int Epipe = 32;

    private readonly byte[] _data = GC.AllocateArray<byte>(4 * 1024 * 1024, pinned: true);
    private IoUringRing _ring = null!;

    [SetUp]
    public void MakeRing() => _ring = new IoUringRing(RingVariant.Features(variant), 8, 16);

    [TearDown]
    public void DisposeRing() => _ring.Dispose();

    [Test]
    public void WholeSend_NoCompletion()
    {
        using var pair = new SocketPair();
        Send(pair, 1000);

        Assert.That(_ring.Available, Is.Zero);
        Assert.That(pair.Drain(1000), Is.EqualTo(1000));
    }

    [Test]
    public void ShortSend_CompletionWithTheBytesSent()
    {
        using var pair = new SocketPair(sendBuffer: 8192, receiveBuffer: 8192);
        Send(pair, _data.Length);

        Assert.That(_ring.TryTake(out var completion), Is.True);
        Assert.That(completion.Result, Is.InRange(1, _data.Length - 1));
        Assert.That(pair.Drain(completion.Result), Is.EqualTo(completion.Result));
    }

    [Test]
    public void NoRoomAtAll_CompletionSaysAgain()
    {
        using var pair = new SocketPair(sendBuffer: 8192, receiveBuffer: 8192);
        CompletionEntry completion;
        do
        {
            // The peer's system may still be taking what was sent.
            Send(pair, _data.Length);
            Assert.That(_ring.TryTake(out completion), Is.True);
        }
        while (completion.Result > 0);

        Assert.That(completion.Result, Is.EqualTo(-Eagain));
    }

    [Test]
    public void SendAfterOurEnd_CompletionSaysPipe()
    {
        using var pair = new SocketPair();
        pair.Ours.Shutdown(SocketShutdown.Send);
        Send(pair, 10);

        Assert.That(_ring.TryTake(out var completion), Is.True);
        Assert.That(completion.Result, Is.EqualTo(-Epipe));
    }

    private void Send(SocketPair pair, int length)
    {
        _ring.Queue(new SubmissionEntry
        {
            Operation = RingOperation.Send,
            Flags = SubmissionFlags.SkipSuccess,
            Descriptor = pair.Descriptor,
            Address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(_data, 0),
            Length = (uint)length,
            OperationFlags = NoSignal | DontWait | WaitAll,
        });
        _ring.Enter(0, TimeSpan.Zero);
    }
}
