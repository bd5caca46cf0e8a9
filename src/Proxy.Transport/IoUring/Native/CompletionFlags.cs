namespace Proxy.Transport.IoUring.Native;

/// <summary>IORING_CQE_F_*: what a completion tells besides its result. The upper 16 bits are the number of the buffer.</summary>
[Flags]
internal enum CompletionFlags : uint
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>A buffer of the group was used.</summary>
    Buffer = 1 << 0,

    /// <summary>The operation goes on: more completions will come.</summary>
    More = 1 << 1,
}
