namespace Proxy.Transport.IoUring.Native;

/// <summary>IOSQE_*: how a submission is carried out.</summary>
[Flags]
internal enum SubmissionFlags : byte
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>The kernel chooses a buffer from the group when there is something to put into it.</summary>
    BufferSelect = 1 << 5,

    /// <summary>No completion, unless the operation fails or is cut short.</summary>
    SkipSuccess = 1 << 6,
}
