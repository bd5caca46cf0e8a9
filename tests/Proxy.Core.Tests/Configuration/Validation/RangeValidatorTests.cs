using NUnit.Framework;
using Proxy.Partitioning;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class RangeValidatorTests
{
    private const string Servers = "servers:\n  - 127.0.0.1:1:1 a\n  - 127.0.0.1:2:1 b\n  - 127.0.0.1:3:1 c\ndistribution: range\n";

    private static PartitionerOptions Options(string range) => Loading.Pool($"{Servers}range:\n{range}").Partitioning;

    private static string[] Errors(string range) => Loading.PoolErrors($"{Servers}range:\n{range}");

    [Test]
    public void Accepts_BoundsByNumber()
    {
        var options = Options("  bounds: [9, 10]\n  otherwise: b");

        Assert.That(
            (options.By, string.Join(' ', options.Bounds), options.Otherwise),
            Is.EqualTo((RangeBy.Number, "9 10", (int?)1)));
    }

    [Test]
    public void Accepts_BoundsOfAnyLength() => Assert.That(Errors($"  bounds: [{new string('9', 40)}, 1{new string('0', 40)}]"), Is.Empty);

    [Test]
    public void Accepts_BoundsByBytes()
    {
        var options = Options("  by: bytes\n  bounds: [Z, a]");

        Assert.That((options.By, string.Join(' ', options.Bounds), options.Otherwise), Is.EqualTo((RangeBy.Bytes, "Z a", (int?)null)));
    }

    [Test]
    public void Accepts_OneServerWithoutSection() =>
        Assert.That(Loading.PoolErrors("distribution: range\nservers:\n  - 127.0.0.1:1:1 a"), Is.Empty);

    [Test]
    public void Rejects_MissingSection() =>
        Assert.That(
            Loading.PoolErrors("distribution: range"),
            Is.EqualTo(new[] { "pools.p.distribution: distribution range needs the section \"range:\" with bounds" }));

    [Test]
    public void Rejects_SectionOfAnotherDistribution() =>
        Assert.That(
            Loading.PoolErrors("distribution: modula\nrange:\n  bounds: [1]"),
            Is.EqualTo(new[] { "pools.p.range: directive \"range\" is only valid with distribution range" }));

    [Test]
    public void Rejects_SectionWithoutDistribution() =>
        Assert.That(
            Loading.PoolErrors("range:\n  bounds: [1]"),
            Is.EqualTo(new[] { "pools.p.range: directive \"range\" is only valid with distribution range" }));

    [Test]
    public void Rejects_MisspeltDistributionOnce() =>
        Assert.That(Loading.PoolErrors("distribution: rage\nrange:\n  bounds: [1]"), Has.Length.EqualTo(1));

    [TestCase("[1]", 1)]
    [TestCase("[1, 2, 3]", 3)]
    [TestCase("[]", 0)]
    public void Rejects_NumberOfBounds(string bounds, int count) =>
        Assert.That(
            Errors($"  bounds: {bounds}"),
            Is.EqualTo(new[] { $"pools.p.range.bounds: bounds have to be one fewer than servers: 2 for 3, not {count}" }));

    [Test]
    public void Rejects_MissingBounds() =>
        Assert.That(Errors("  by: number"), Is.EqualTo(new[] { "pools.p.range: bounds have to be one fewer than servers: 2 for 3, not 0" }));

    [TestCase("[10, 9]", "'9' is not above '10'")]
    [TestCase("[9, 9]", "'9' is not above '9'")]
    [TestCase("[9, 09]", "'09' is not above '9'")]
    public void Rejects_BoundsByNumberThatDoNotRise(string bounds, string reason) =>
        Assert.That(Errors($"  bounds: {bounds}"), Is.EqualTo(new[] { $"pools.p.range.bounds[1]: bounds have to rise: {reason}" }));

    [Test]
    public void Rejects_BoundsByBytesThatDoNotRise() =>
        Assert.That(Errors("  by: bytes\n  bounds: [10, 1]"), Is.EqualTo(new[] { "pools.p.range.bounds[1]: bounds have to rise: '1' is not above '10'" }));

    [Test]
    public void Rejects_BoundThatIsNoNumber() =>
        Assert.That(
            Errors("  bounds: [x, -5]"),
            Is.EqualTo(new[]
            {
                "pools.p.range.bounds[0]: a bound by number is decimal digits: 'x'",
                "pools.p.range.bounds[1]: a bound by number is decimal digits: '-5'",
            }));

    [Test]
    public void Rejects_UnknownBy() =>
        Assert.That(
            Errors("  by: bites\n  bounds: [1, 2]"),
            Is.EqualTo(new[] { "pools.p.range.by: directive \"by\" is not \"number\" or \"bytes\": 'bites' (did you mean 'bytes'?)" }));

    [Test]
    public void Rejects_OtherwiseThatIsNoServer() =>
        Assert.That(Errors("  bounds: [1, 2]\n  otherwise: A"), Is.EqualTo(new[] { "pools.p.range.otherwise: pool 'p' has no server 'A' (did you mean 'a'?)" }));

    [Test]
    public void Rejects_OtherwiseByBytes() =>
        Assert.That(
            Errors("  by: bytes\n  bounds: [a, b]\n  otherwise: a"),
            Is.EqualTo(new[] { "pools.p.range.otherwise: directive \"otherwise\" has no meaning by bytes: every key has its place" }));
}
