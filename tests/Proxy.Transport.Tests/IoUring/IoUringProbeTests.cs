using NUnit.Framework;
using Proxy.Transport.IoUring;

namespace Proxy.Transport.Tests.IoUring;

public sealed class IoUringProbeTests
{
    [Test]
    public void Probe_SaysYesOrWhyNot()
    {
        var found = IoUringProbe.Availability;

        Assert.That(found.Reason, Does.StartWith("io_uring"));
        Assert.That(found.Reason.StartsWith("io_uring works", StringComparison.Ordinal), Is.EqualTo(found.Features is not null));
    }

    [TestCase(38, null, "needs Linux 5.19 or later, or a sandbox")]
    [TestCase(1, null, "seccomp profile")]
    [TestCase(1, "0", "seccomp profile")]
    [TestCase(1, "1", "kernel.io_uring_group")]
    [TestCase(1, "2", "kernel.io_uring_disabled = 2")]
    [TestCase(12, null, "ulimit -l")]
    [TestCase(22, null, "needs Linux 5.19 or later")]
    [TestCase(24, null, "errno 24")]
    public void Refusal_IsExplained(int error, string? disabled, string says) =>
        Assert.That(IoUringProbe.ExplainSetup(error, disabled), Does.Contain(says));

    [Test]
    public void And_LeavesWhatBothHave()
    {
        var masked = new IoUringFeatures().And(new IoUringFeatures { MinimumWait = false });

        Assert.That(masked, Is.EqualTo(new IoUringFeatures { MinimumWait = false }));
        Assert.That(masked.And(IoUringFeatures.None), Is.EqualTo(IoUringFeatures.None));
    }
}
