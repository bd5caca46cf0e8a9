using System.Runtime.InteropServices;

namespace Proxy.Transport.IoUring.Native;

/// <summary>struct io_uring_params: wishes on the way in, facts on the way out of io_uring_setup. 120 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingParameters
{
    /// <summary>Size of the submission queue.</summary>
    public uint SubmissionEntries;

    /// <summary>Size of the completion queue.</summary>
    public uint CompletionEntries;

    /// <summary>How it is made.</summary>
    public SetupFlags Flags;

    private readonly uint _threadProcessor;
    private readonly uint _threadIdle;

    /// <summary>What the kernel can do.</summary>
    public RingFeatures Features;

    private readonly uint _workQueueDescriptor;
    private readonly uint _reserved0;
    private readonly uint _reserved1;
    private readonly uint _reserved2;

    /// <summary>Where the submission queue lies.</summary>
    public SubmissionRingOffsets Submission;

    /// <summary>Where the completion queue lies.</summary>
    public CompletionRingOffsets Completion;
}
