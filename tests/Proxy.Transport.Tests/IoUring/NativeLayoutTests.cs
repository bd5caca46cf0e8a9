using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Proxy.Transport.IoUring.Native;

namespace Proxy.Transport.Tests.IoUring;

/// <summary>The sizes of linux/io_uring.h, which are the same on x86-64 and arm64.</summary>
public sealed class NativeLayoutTests
{
    [Test]
    public void Structures_HaveTheKernelsSizes() => Assert.Multiple(() =>
    {
        Assert.That(Unsafe.SizeOf<SubmissionEntry>(), Is.EqualTo(64));
        Assert.That(Unsafe.SizeOf<CompletionEntry>(), Is.EqualTo(16));
        Assert.That(Unsafe.SizeOf<SubmissionRingOffsets>(), Is.EqualTo(40));
        Assert.That(Unsafe.SizeOf<CompletionRingOffsets>(), Is.EqualTo(40));
        Assert.That(Unsafe.SizeOf<RingParameters>(), Is.EqualTo(120));
        Assert.That(Unsafe.SizeOf<WaitArgument>(), Is.EqualTo(24));
        Assert.That(Unsafe.SizeOf<KernelTimespec>(), Is.EqualTo(16));
        Assert.That(Unsafe.SizeOf<BufferRingRegistration>(), Is.EqualTo(40));
        Assert.That(Unsafe.SizeOf<BufferRingEntry>(), Is.EqualTo(16));
        Assert.That(Unsafe.SizeOf<DescriptorUpdate>(), Is.EqualTo(16));
        Assert.That(Unsafe.SizeOf<ProbeEntry>(), Is.EqualTo(8));
    });

    [Test]
    public void Fields_LieWhereTheKernelReadsThem() => Assert.Multiple(() =>
    {
        Assert.That(Marshal.OffsetOf<RingParameters>(nameof(RingParameters.Features)), Is.EqualTo((nint)20));
        Assert.That(Marshal.OffsetOf<RingParameters>(nameof(RingParameters.Submission)), Is.EqualTo((nint)40));
        Assert.That(Marshal.OffsetOf<WaitArgument>(nameof(WaitArgument.MinimumWait)), Is.EqualTo((nint)12));
        Assert.That(Marshal.OffsetOf<WaitArgument>(nameof(WaitArgument.Timeout)), Is.EqualTo((nint)16));
        Assert.That(Marshal.OffsetOf<SubmissionRingOffsets>(nameof(SubmissionRingOffsets.Array)), Is.EqualTo((nint)24));
        Assert.That(Marshal.OffsetOf<CompletionRingOffsets>(nameof(CompletionRingOffsets.Completions)), Is.EqualTo((nint)20));
        Assert.That(Marshal.OffsetOf<BufferRingEntry>(nameof(BufferRingEntry.Number)), Is.EqualTo((nint)12));
        Assert.That(Marshal.OffsetOf<BufferRingRegistration>(nameof(BufferRingRegistration.Group)), Is.EqualTo((nint)12));
    });
}
