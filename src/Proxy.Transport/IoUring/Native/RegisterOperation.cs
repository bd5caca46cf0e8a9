namespace Proxy.Transport.IoUring.Native;

/// <summary>IORING_REGISTER_*: what io_uring_register is to do.</summary>
internal enum RegisterOperation : uint
{
    /// <summary>Tell which operations the kernel knows.</summary>
    Probe = 8,

    /// <summary>Keep the descriptors of rings, so that an enter need not look them up (5.18).</summary>
    RingDescriptors = 20,

    /// <summary>Give registered rings back.</summary>
    RemoveRingDescriptors = 21,

    /// <summary>Take a ring of buffers to receive into (5.19).</summary>
    BufferRing = 22,

    /// <summary>Give a ring of buffers back.</summary>
    RemoveBufferRing = 23,
}
