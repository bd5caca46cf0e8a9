using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.IoUring;

/// <summary>Tries the operations that complete again and again; the kernel has no other way to tell whether it knows them.</summary>
internal static class MultishotProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Whether a receive goes on after its first completion.</summary>
    /// <param name="ring">A ring with nothing pending.</param>
    /// <param name="buffers">An empty group.</param>
    public static bool Receives(IoUringRing ring, BufferRing buffers)
    {
        using var sockets = new ProbeSockets();
        using var accepted = sockets.Listener.Accept();
        var memory = GC.AllocateUninitializedArray<byte>(16, pinned: true);
        buffers.Add(System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0), memory.Length, 0);
        buffers.Publish();
        sockets.Client.Send("x"u8);
        ring.Queue(new SubmissionEntry
        {
            Operation = RingOperation.Receive,
            Flags = SubmissionFlags.BufferSelect,
            Priority = SubmissionEntry.MultishotReceive,
            Descriptor = (int)accepted.Handle,
            BufferGroup = buffers.Group,
        });
        var goesOn = GoesOn(ring);
        GC.KeepAlive(memory);
        return goesOn;
    }

    /// <summary>Whether an accept goes on after its first completion.</summary>
    /// <param name="ring">A ring with nothing pending.</param>
    public static bool Accepts(IoUringRing ring)
    {
        using var sockets = new ProbeSockets();
        sockets.Listener.Blocking = false;
        ring.Queue(new SubmissionEntry
        {
            Operation = RingOperation.Accept,
            Priority = SubmissionEntry.MultishotAccept,
            Descriptor = (int)sockets.Listener.Handle,
        });
        return GoesOn(ring, close: true);
    }

    /// <summary>Waits for the first completion, and ends the operation if it goes on.</summary>
    private static bool GoesOn(IoUringRing ring, bool close = false)
    {
        ring.Enter(1, Patience);
        if (!ring.TryTake(out var first))
        {
            return false;
        }

        if (close && first.Result >= 0)
        {
            RingCalls.Close(first.Result);
        }

        if (!first.HasMore)
        {
            return false;
        }

        // Two completions: the cancelled operation's and the cancellation's.
        ring.Queue(new SubmissionEntry { Operation = RingOperation.Cancel, OperationFlags = (uint)CancelFlags.Any });
        ring.Enter(2, Patience);
        while (ring.TryTake(out _))
        {
        }

        return true;
    }
}
