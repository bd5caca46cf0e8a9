using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class SlotsValidatorTests
{
    private static string[] Errors(string slots) => Loading.PoolErrors($"distribution: slots\nslots:\n{slots}");

    [Test]
    public void Accepts_AllSlotsOnce()
    {
        var options = Loading.Pool("distribution: slots\nslots:\n  b: [8192-16000, 16002-16383]\n  a: [0-8191, 16001]").Partitioning;

        Assert.That(
            options.Slots!.Select(ranges => string.Join(' ', ranges)),
            Is.EqualTo(new[] { "0-8191 16001", "8192-16000 16002-16383" }), "in the order of the servers");
    }

    [Test]
    public void Accepts_ServerWithoutSlots_WithAWarning()
    {
        const string text = "distribution: slots\nslots:\n  a: 0-16383";

        Assert.That(Loading.PoolErrors(text), Is.Empty);
        Assert.That(Loading.PoolWarnings(text), Is.EqualTo(new[] { "pools.p.distribution: server 'b' has no slots and so gets no key" }));
    }

    [Test]
    public void Accepts_NoSection() => Assert.That(Loading.Pool("distribution: slots").Partitioning.Slots, Is.Null);

    [Test]
    public void Rejects_SectionOfAnotherDistribution() =>
        Assert.That(
            Loading.PoolErrors("distribution: ketama\nslots:\n  a: 0-16383"),
            Is.EqualTo(new[] { "pools.p.slots: directive \"slots\" is only valid with distribution slots" }));

    [Test]
    public void Rejects_SectionWithoutDistribution() =>
        Assert.That(
            Loading.PoolErrors("slots:\n  a: 0-16383"),
            Is.EqualTo(new[] { "pools.p.slots: directive \"slots\" is only valid with distribution slots" }));

    [Test]
    public void Rejects_Gaps() =>
        Assert.That(Errors("  a: [1-8191]\n  b: [8193-16381]"), Is.EqualTo(new[] { "pools.p.slots: no server has the slots 0, 8192, 16382-16383" }));

    [Test]
    public void Rejects_ManyGapsInAFewWords()
    {
        var even = string.Join(", ", Enumerable.Range(0, 8192).Select(slot => 2 * slot));

        Assert.That(Errors($"  a: [{even}]"), Is.EqualTo(new[] { "pools.p.slots: no server has the slots 1, 3, 5, 7, 9, 11, 13, 15 and 8184 more gaps" }));
    }

    [Test]
    public void Rejects_Overlap() =>
        Assert.That(
            Loading.Errors(PoolText.With("distribution: slots\nslots:\n  a: [0-8192]\n  b: [8192-16383]")),
            Is.EqualTo(new[] { "6:11: pools.p.slots.b: slot 8192 of 8192-16383 is given to 'a' already" }));

    [Test]
    public void Rejects_UnknownServer() =>
        Assert.That(Errors("  a: [0-8191]\n  B: [8192-16383]"), Is.EqualTo(new[] { "pools.p.slots.B: pool 'p' has no server 'B' (did you mean 'b'?)" }));

    [Test]
    public void Rejects_ServerTwice() =>
        Assert.That(
            Errors("  a: [0-8191]\n  b: [8192-16383]\n  a: [5]"),
            Is.EqualTo(new[] { "pools.p.slots.a: server 'a' is given slots twice: write one list" }));

    [TestCase("16384")]
    [TestCase("5-4")]
    [TestCase("x")]
    [TestCase("-1")]
    [TestCase("0-16384")]
    public void Rejects_NoRange(string range) =>
        Assert.That(
            Errors($"  a: [0-16383, {range}]"),
            Is.EqualTo(new[] { $"pools.p.slots.a: not a range of slots from 0 to 16383, like 0-8191 or 8192: '{range}'" }));
}
