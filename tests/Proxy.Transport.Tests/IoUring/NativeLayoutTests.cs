using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Proxy.Transport.IoUring.Native;
using Proxy.Transport.Native;

namespace Proxy.Transport.Tests.IoUring;

/// <summary>The layouts of linux/io_uring.h and of sys/socket.h, which are the same on x86-64 and arm64.</summary>
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
        Assert.That(Unsafe.SizeOf<MessageHeader>(), Is.EqualTo(56));
        Assert.That(Unsafe.SizeOf<IoVector>(), Is.EqualTo(16));
    });

    [TestCase(nameof(SubmissionEntry.Operation), 0)]
    [TestCase(nameof(SubmissionEntry.Flags), 1)]
    [TestCase(nameof(SubmissionEntry.Priority), 2)]
    [TestCase(nameof(SubmissionEntry.Descriptor), 4)]
    [TestCase(nameof(SubmissionEntry.Offset), 8)]
    [TestCase(nameof(SubmissionEntry.Address), 16)]
    [TestCase(nameof(SubmissionEntry.Length), 24)]
    [TestCase(nameof(SubmissionEntry.OperationFlags), 28)]
    [TestCase(nameof(SubmissionEntry.UserData), 32)]
    [TestCase(nameof(SubmissionEntry.BufferGroup), 40)]
    public void Submission_FieldLiesWhereTheKernelReadsIt(string field, int offset) =>
        Assert.That(Marshal.OffsetOf<SubmissionEntry>(field), Is.EqualTo((nint)offset));

    [TestCase(nameof(MessageHeader.Name), 0)]
    [TestCase(nameof(MessageHeader.NameLength), 8)]
    [TestCase(nameof(MessageHeader.Vectors), 16)]
    [TestCase(nameof(MessageHeader.VectorCount), 24)]
    [TestCase(nameof(MessageHeader.Control), 32)]
    [TestCase(nameof(MessageHeader.ControlLength), 40)]
    [TestCase(nameof(MessageHeader.Flags), 48)]
    public void Message_FieldLiesWhereTheKernelReadsIt(string field, int offset) =>
        Assert.That(Marshal.OffsetOf<MessageHeader>(field), Is.EqualTo((nint)offset));

    [TestCase(nameof(IoVector.Address), 0)]
    [TestCase(nameof(IoVector.Length), 8)]
    public void Vector_FieldLiesWhereTheKernelReadsIt(string field, int offset) =>
        Assert.That(Marshal.OffsetOf<IoVector>(field), Is.EqualTo((nint)offset));

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
