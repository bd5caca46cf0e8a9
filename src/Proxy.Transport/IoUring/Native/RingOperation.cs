namespace Proxy.Transport.IoUring.Native;

/// <summary>IORING_OP_*: what a submission asks for.</summary>
internal enum RingOperation : byte
{
    /// <summary>Nothing.</summary>
    Nop = 0,

    /// <summary>Tell when a descriptor is ready.</summary>
    Poll = 6,

    /// <summary>sendmsg(2).</summary>
    SendMessage = 9,

    /// <summary>accept4(2), once or again and again.</summary>
    Accept = 13,

    /// <summary>End other operations.</summary>
    Cancel = 14,

    /// <summary>connect(2).</summary>
    Connect = 16,

    /// <summary>read(2).</summary>
    Read = 22,

    /// <summary>send(2).</summary>
    Send = 26,

    /// <summary>recv(2), once or again and again.</summary>
    Receive = 27,
}
