using NUnit.Framework;
using Proxy.Core.Model;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Core.Tests.Model;

public sealed class LearntPermissionsTests
{
    private static readonly LearntCommands Learnt = LearntCommands.Of(
    [
        CommandReport.Of(
        [
            new CommandRow("mod.get", -1) { Flags = CommandFlags.ReadOnly },
            new CommandRow("mod.set", -1) { Flags = CommandFlags.Write, Categories = ["@mod"] },
            new CommandRow("mod.run", -1),
            new CommandRow("mod.script", -1) { Flags = CommandFlags.ReadOnly | CommandFlags.MayReplicate },
            new CommandRow("mod.admin", -1) { Flags = CommandFlags.ReadOnly | CommandFlags.Admin },
            new CommandRow("mod.c", -2),
            new CommandRow("mod.c|get", -2) { Flags = CommandFlags.ReadOnly },
        ]),
    ]);

    [TestCase("+@all", "mod.get mod.set mod.run mod.script mod.admin mod.c|get")]
    [TestCase("", "")]
    [TestCase("+@read", "mod.get mod.script mod.admin mod.c|get")]
    [TestCase("+@all -@write", "mod.get mod.run mod.script mod.admin mod.c|get")]
    [TestCase("+@all -@dangerous", "mod.get mod.set mod.run mod.script mod.c|get")]
    [TestCase("+@mod", "mod.set")]
    [TestCase("+mod.get +mod.c", "mod.get mod.c|get")]
    [TestCase("+@all -mod.c|get -mod.set", "mod.get mod.run mod.script mod.admin")]
    [TestCase("-@all +@all", "mod.get mod.set mod.run mod.script mod.admin mod.c|get")]
    [TestCase("+@all -@all", "")]
    public void Rules_HoldFromLeftToRight(string rules, string allowed) =>
        Assert.That(Allowed(Of(rules, isReadOnly: false)), Is.EquivalentTo(allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Test]
    public void UserThatOnlyReads_MayRunWhatSurelyOnlyReads() =>
        Assert.That(Allowed(Of("+@all", isReadOnly: true)), Is.EquivalentTo(new[] { "mod.get", "mod.admin", "mod.c|get" }));

    [TestCase("+@all", false, true)]
    [TestCase("-get +@all", false, true)]
    [TestCase("+@all +get", false, true)]
    [TestCase("+@all -get", false, false)]
    [TestCase("+@read", false, false)]
    [TestCase("", false, false)]
    [TestCase("+@all", true, false)]
    public void RulesThatForbidNothing_AreKnown(string rules, bool isReadOnly, bool allowsAll) =>
        Assert.That(Of(rules, isReadOnly).AllowsAll, Is.EqualTo(allowsAll));

    [Test]
    public void SameRules_AreEqual()
    {
        Assert.That(Of("+@all -get", false), Is.EqualTo(Of("+@all -get", false)));
        Assert.That(Of("+@all -get", false), Is.Not.EqualTo(Of("+@all -set", false)));
        Assert.That(Of("+@all", false), Is.Not.EqualTo(Of("+@all", true)));
    }

    private static LearntPermissions Of(string rules, bool isReadOnly) =>
        new([.. rules.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(rule => (rule[0] == '+', rule[1..]))], isReadOnly);

    private static IEnumerable<string> Allowed(LearntPermissions permissions) =>
        Learnt.All.Where(command => !command.HasSubcommands && permissions.Allows(command)).Select(command => command.Name);
}
