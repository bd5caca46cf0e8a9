using NUnit.Framework;

namespace Proxy.Core.Tests.Configuration.Validation;

[TestFixture]
internal sealed class EjectionValidatorTests
{
    [TestCase("ketama")]
    [TestCase("modula")]
    [TestCase("random")]
    public void Accepts_EjectionWhereKeysCanMove(string distribution) =>
        Assert.That(Loading.PoolErrors($"distribution: {distribution}\nauto_eject_hosts: true"), Is.Empty);

    [TestCase("slots")]
    [TestCase("range")]
    public void Accepts_NoEjectionWhereTheyCannot(string distribution) =>
        Assert.That(Loading.PoolErrors($"distribution: {distribution}\nauto_eject_hosts: false\n{Section(distribution)}"), Is.Empty);

    [TestCase("slots")]
    [TestCase("range")]
    public void Rejects_EjectionWhereTheyCannot(string distribution) =>
        Assert.That(
            Loading.PoolErrors($"distribution: {distribution}\nauto_eject_hosts: true\n{Section(distribution)}"),
            Is.EqualTo(new[]
            {
                $"pools.p.auto_eject_hosts: directive \"auto_eject_hosts\" is not possible with distribution {distribution}: "
                + "the keys of an ejected server have no other place",
            }));

    private static string Section(string distribution) => distribution == "range" ? "range:\n  bounds: [10]" : "";
}
