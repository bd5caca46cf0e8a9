using System.Net.Sockets;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Proxy.Transport.IoUring;
using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.Tests.IoUring;

[TestFixtureSource(typeof(RingVariant), nameof(RingVariant.Names))]
public sealed class BufferRingTests(string variant)
{
    private const int Enobufs = 105;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly byte[] _memory = GC.AllocateArray<byte>(4096, pinned: true);
    private IoUringRing _ring = null!;
    private BufferRing _buffers = null!;

    [SetUp]
    public void MakeRing()
    {
        _ring = new IoUringRing(RingVariant.Features(variant), 8, 16);
        _buffers = new BufferRing(_ring, 3, 4);
    }

    [TearDown]
    public void DisposeRing()
    {
        _buffers.Dispose();
        _ring.Dispose();
    }

    [Test]
    public void Receive_TakesABuffer()
    {
        using var pair = new SocketPair();
        Add(7, 100);
        Receive(pair, 0);
        pair.Theirs.Send("hello"u8);

        var completion = Take();
        Assert.That((completion.Result, completion.HasBuffer, completion.BufferNumber), Is.EqualTo((5, true, 7)));
        Assert.That(_memory.AsSpan(700, 5).SequenceEqual("hello"u8), Is.True);
    }

    [Test]
    public void NoBufferLeft_CompletionSaysSo()
    {
        using var pair = new SocketPair();
        pair.Theirs.Send("hello"u8);
        Receive(pair, 0);

        var completion = Take();
        Assert.That((completion.Result, completion.HasMore), Is.EqualTo((-Enobufs, false)));
    }

    [Test]
    public void MultishotReceive_TakesBufferAfterBufferUntilThereIsNone()
    {
        using var pair = new SocketPair();
        Add(0, 100);
        Add(1, 100);
        Receive(pair, SubmissionEntry.MultishotReceive);
        pair.Theirs.Send(new byte[250]);

        Assert.That(Take(), Has.Property("HasMore").True.And.Property("BufferNumber").Zero);
        Assert.That(Take(), Has.Property("HasMore").True.And.Property("BufferNumber").EqualTo(1));
        Assert.That(Take(), Has.Property("HasMore").False.And.Property("HasBuffer").False);
    }

    [Test]
    public void RingGoesRoundManyTimes_EachBufferComesInItsTurn()
    {
        using var pair = new SocketPair();
        for (var i = 0; i < 100; i++)
        {
            Add(i % 5, 100);
            Receive(pair, 0);
            pair.Theirs.Send("x"u8);
            Assert.That(Take().BufferNumber, Is.EqualTo(i % 5));
        }
    }

    [Test]
    public void EndOfStream_CompletesWithZero()
    {
        using var pair = new SocketPair();
        Add(0, 100);
        Receive(pair, SubmissionEntry.MultishotReceive);
        pair.Theirs.Shutdown(SocketShutdown.Send);

        var completion = Take();
        Assert.That((completion.Result, completion.HasMore), Is.EqualTo((0, false)));
    }

    private void Add(int number, int length)
    {
        _buffers.Add(Marshal.UnsafeAddrOfPinnedArrayElement(_memory, number * 100), length, number);
        _buffers.Publish();
    }

    private void Receive(SocketPair pair, ushort priority)
    {
        _ring.Queue(new SubmissionEntry
        {
            Operation = RingOperation.Receive,
            Flags = SubmissionFlags.BufferSelect,
            Priority = priority,
            Descriptor = pair.Descriptor,
            BufferGroup = 3,
        });
        _ring.Enter(0, TimeSpan.Zero);
    }

    private CompletionEntry Take()
    {
        CompletionEntry completion;
        while (!_ring.TryTake(out completion))
        {
            _ring.Enter(1, Patience);
        }

        return completion;
    }
}
