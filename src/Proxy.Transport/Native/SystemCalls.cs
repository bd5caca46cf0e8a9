using System.Runtime.InteropServices;

namespace Proxy.Transport.Native;

/// <summary>
/// The system calls of the hot paths, and those that fail when the system is short of something. Each returns what the kernel returns: the result, or the error number negated. Virtual, so that
/// tests can make the system misbehave; the price of that is one predicted call beside a system call.
/// </summary>
internal unsafe class SystemCalls
{
    /// <summary>MSG_NOSIGNAL: an error, not a signal, for a peer that is gone.</summary>
    public const int NoSignal = 0x4000;

    /// <summary>SOCK_NONBLOCK | SOCK_CLOEXEC.</summary>
    public const int NonBlockingCloseOnExec = 0x800 | CloseOnExec;

    private const int CloseOnExec = 0x80000;

    /// <summary>The system as it is.</summary>
    public static SystemCalls Default { get; } = new();

    /// <summary>recv(2).</summary>
    public virtual int Receive(int descriptor, byte* buffer, int length) => Result(LibC.Receive(descriptor, buffer, (nuint)length, 0));

    /// <summary>send(2).</summary>
    public virtual int Send(int descriptor, byte* buffer, int length) => Result(LibC.Send(descriptor, buffer, (nuint)length, NoSignal));

    /// <summary>sendmsg(2) of <paramref name="count"/> pieces.</summary>
    public virtual int SendGathered(int descriptor, IoVector* vectors, int count)
    {
        MessageHeader message = default;
        message.Vectors = vectors;
        message.VectorCount = (nuint)count;
        return Result(LibC.SendMessage(descriptor, &message, NoSignal));
    }

    /// <summary>accept4(2), not blocking, closed on exec.</summary>
    public virtual int Accept(int descriptor) => Result(LibC.Accept(descriptor, null, null, NonBlockingCloseOnExec));

    /// <summary>connect(2).</summary>
    public virtual int Connect(int descriptor, ReadOnlySpan<byte> address)
    {
        fixed (byte* bytes = address)
        {
            return Result(LibC.Connect(descriptor, bytes, (uint)address.Length));
        }
    }

    /// <summary>epoll_create1(2), closed on exec.</summary>
    public virtual int EpollCreate() => Result(LibC.EpollCreate(CloseOnExec));

    /// <summary>eventfd(2), closed on exec.</summary>
    /// <param name="blocking">A read of io_uring waits only where a plain read would block.</param>
    public virtual int EventDescriptor(bool blocking = false) =>
        Result(LibC.EventDescriptor(0, blocking ? CloseOnExec : NonBlockingCloseOnExec));

    /// <summary>epoll_ctl(2).</summary>
    /// <param name="epoll">The epoll descriptor.</param>
    /// <param name="operation">EPOLL_CTL_ADD, _DEL or _MOD.</param>
    /// <param name="descriptor">What is watched.</param>
    /// <param name="entry">A <c>struct epoll_event</c>.</param>
    public virtual int EpollControl(int epoll, int operation, int descriptor, byte* entry) =>
        Result(LibC.EpollControl(epoll, operation, descriptor, entry));

    /// <summary>epoll_wait(2).</summary>
    public virtual int EpollWait(int epoll, byte* entries, int count, int timeoutMs) => Result(LibC.EpollWait(epoll, entries, count, timeoutMs));

    /// <summary>The result of a call of the C library in the kernel's way.</summary>
    protected static int Result(nint result) => result >= 0 ? (int)result : -Marshal.GetLastPInvokeError();
}
