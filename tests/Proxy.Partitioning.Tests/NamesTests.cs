using NUnit.Framework;

namespace Proxy.Partitioning.Tests;

[TestFixture]
internal sealed class NamesTests
{
    [TestCase("ketama", Distribution.Ketama)]
    [TestCase("consistent-hash", Distribution.Ketama)]
    [TestCase("modula", Distribution.Modula)]
    [TestCase("modulo", Distribution.Modula)]
    [TestCase("random", Distribution.Random)]
    [TestCase("slots", Distribution.Slots)]
    [TestCase("range", Distribution.Range)]
    public void DistributionName_IsRead(string name, Distribution expected)
    {
        Assert.That(Distributions.TryParse(name, out var distribution), Is.True);
        Assert.That(distribution, Is.EqualTo(expected));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Ketama")]
    [TestCase("ketama ")]
    public void OtherDistributionNames_Rejected(string? name) => Assert.That(Distributions.TryParse(name, out _), Is.False);

    [Test]
    public void DistributionNames_GoThereAndBack() => Assert.That(
        Enum.GetValues<Distribution>().Select(value => Distributions.TryParse(Distributions.NameOf(value), out var parsed) && parsed == value), Is.All.True);

    [Test]
    public void HashNames_GoThereAndBack() => Assert.That(
        Enum.GetValues<HashFunction>().Select(value => HashFunctions.TryParse(HashFunctions.NameOf(value), out var parsed) && parsed == value), Is.All.True);

    [TestCase(null)]
    [TestCase("MD5")]
    [TestCase("sha1")]
    public void OtherHashNames_Rejected(string? name) => Assert.That(HashFunctions.TryParse(name, out _), Is.False);
}
