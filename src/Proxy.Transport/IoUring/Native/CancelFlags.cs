namespace Proxy.Transport.IoUring.Native;

/// <summary>IORING_ASYNC_CANCEL_*: what a cancellation ends.</summary>
[Flags]
internal enum CancelFlags : uint
{
    /// <summary>One operation, by its user data.</summary>
    None = 0,

    /// <summary>Not only the first that is found.</summary>
    All = 1 << 0,

    /// <summary>By nothing: whatever is pending.</summary>
    Any = 1 << 2,
}
