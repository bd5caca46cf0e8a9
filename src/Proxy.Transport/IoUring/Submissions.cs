using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Native;

namespace Proxy.Transport.IoUring;

/// <summary>The submissions of a channel.</summary>
internal static unsafe class Submissions
{
    // sys/socket.h, the same on x86-64 and arm64.
    private const uint DontWait = 0x40;
    private const uint WaitAll = 0x100;

    // poll.h, linux/io_uring.h.
    private const uint PollOut = 4;
    private const uint PollIn = 1;
    private const uint PollMulti = 1;

    /// <summary>Receives into a buffer of the group.</summary>
    public static SubmissionEntry Receive(int descriptor, ushort group, bool multishot, ulong userData) => new()
    {
        Operation = RingOperation.Receive,
        Flags = SubmissionFlags.BufferSelect,
        Priority = multishot ? SubmissionEntry.MultishotReceive : (ushort)0,
        Descriptor = descriptor,
        BufferGroup = group,
        UserData = userData,
    };

    /// <summary>Sends what was gathered.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="gathered">At least one piece.</param>
    /// <param name="quick">
    /// As much as there is room for, with a completion only if that is not everything (without WAITALL a short send would count as a
    /// success); else at least one byte, as soon as there is room, with a completion.
    /// </param>
    /// <param name="userData">Comes back.</param>
    public static SubmissionEntry Send(int descriptor, SendGatherer gathered, bool quick, ulong userData)
    {
        var one = gathered.Count == 1;
        return new SubmissionEntry
        {
            Operation = one ? RingOperation.Send : RingOperation.SendMessage,
            Flags = quick ? SubmissionFlags.SkipSuccess : SubmissionFlags.None,
            Descriptor = descriptor,
            Address = one ? (ulong)gathered.Vectors->Address : (ulong)gathered.Header,
            Length = one ? (uint)gathered.Vectors->Length : 1,
            OperationFlags = SystemCalls.NoSignal | (quick ? DontWait | WaitAll : 0),
            UserData = userData,
        };
    }

    /// <summary>Accepts a connection, or one after the other.</summary>
    public static SubmissionEntry Accept(int descriptor, ulong userData) => new()
    {
        Operation = RingOperation.Accept,
        Priority = SubmissionEntry.MultishotAccept,
        Descriptor = descriptor,
        OperationFlags = SystemCalls.NonBlockingCloseOnExec,
        UserData = userData,
    };

    /// <summary>Tells, once, that there is something to read or to accept.</summary>
    public static SubmissionEntry AwaitInput(int descriptor, ulong userData) => Poll(descriptor, PollIn, 0, userData);

    /// <summary>Tells, once, that there is room to write: that it is connected.</summary>
    public static SubmissionEntry AwaitOutput(int descriptor, ulong userData) => Poll(descriptor, PollOut, 0, userData);

    /// <summary>Tells each time that the end of the peer or an error is noticed.</summary>
    public static SubmissionEntry AwaitError(int descriptor, ulong userData) => Poll(descriptor, 0, PollMulti, userData);

    private static SubmissionEntry Poll(int descriptor, uint events, uint flags, ulong userData) => new()
    {
        Operation = RingOperation.Poll,
        Descriptor = descriptor,
        Length = flags,
        OperationFlags = events,
        UserData = userData,
    };
}
