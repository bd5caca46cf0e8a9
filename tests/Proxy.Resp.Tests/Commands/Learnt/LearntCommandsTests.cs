using System.Text;
using NUnit.Framework;
using Proxy.Resp.Commands;
using Proxy.Resp.Commands.Learnt;

namespace Proxy.Resp.Tests.Commands.Learnt;

internal sealed class LearntCommandsTests
{
    private static readonly LearntCommands Learnt = LearntCommands.Of(
    [
        CommandReport.Read(Told.Reply(
            Told.Command("mod.get", keys: [Told.Keys(1)], arity: 2),
            Told.Command("mod.c", arity: -2, subcommands: [Told.Command("mod.c|get", keys: [Told.Keys(2)], arity: 3)]),
            Told.Command("memory", subcommands: [Told.Command("memory|peek", keys: [Told.Keys(2)], arity: 3)]),
            Told.Command("client", subcommands: [Told.Command("client|new")]))),
    ]);

    [TestCase("MOD.GET a", CommandLookup.Found, "mod.get")]
    [TestCase("mod.get", CommandLookup.WrongArity, "mod.get")]
    [TestCase("Mod.C GET a", CommandLookup.Found, "mod.c|get")]
    [TestCase("mod.c get", CommandLookup.WrongArity, "mod.c|get")]
    [TestCase("mod.c", CommandLookup.WrongArity, "mod.c")]
    [TestCase("mod.c nosuch", CommandLookup.UnknownSubcommand, "mod.c")]
    [TestCase("MEMORY PEEK a", CommandLookup.Found, "memory|peek")]
    [TestCase("MEMORY USAGE a", CommandLookup.Found, "memory|usage")]
    [TestCase("MEMORY NOSUCH", CommandLookup.UnknownSubcommand, "memory")]
    [TestCase("CLIENT NEW", CommandLookup.UnknownSubcommand, "client")]
    [TestCase("CLIENT ID", CommandLookup.Found, "client|id")]
    [TestCase("GET a", CommandLookup.Found, "get")]
    [TestCase("GET", CommandLookup.WrongArity, "get")]
    [TestCase("nosuch", CommandLookup.UnknownCommand, null)]
    public void Request_Resolved(string line, CommandLookup lookup, string? name)
    {
        var found = Learnt.Resolve(new RequestArguments(TestRequest.Parse(line).Frame), out var command);

        Assert.That((found, command?.Name), Is.EqualTo((lookup, name)));
    }

    [Test]
    public void LearntCommand_IsCountedWithTheOthers()
    {
        var command = Learnt.Find("mod.get"u8)!;

        Assert.That((command.IsLearnt, command.Index), Is.EqualTo((true, CommandTable.OtherIndex)));
        Assert.That(CommandTable.All.Any(known => known.IsLearnt || known.Index == CommandTable.OtherIndex), Is.False);
    }

    [TestCase("MOD.C|GET", "mod.c|get")]
    [TestCase("memory|peek", "memory|peek")]
    [TestCase("memory|usage", "memory|usage")]
    [TestCase("client|new", null)]
    [TestCase("mod.get", "mod.get")]
    [TestCase("mod.get|x", null)]
    [TestCase("nosuch|x", null)]
    public void FullName_Found(string name, string? found) =>
        Assert.That(Learnt.FindFullName(Encoding.ASCII.GetBytes(name))?.Name, Is.EqualTo(found));

    [Test]
    public void ServersThatTellDifferentThings_AllIsKnownAndTheFirstIsBelieved()
    {
        var first = CommandReport.Read(Told.Reply(Told.Command("mod.a", "write"), Told.Command("mod.b")));
        var second = CommandReport.Read(Told.Reply(Told.Command("mod.a", "readonly"), Told.Command("mod.c")));

        var learnt = LearntCommands.Of([CommandReport.Empty, first, second]);

        Assert.That(learnt.Roots.Select(command => command.Name), Is.EqualTo(new[] { "mod.a", "mod.b", "mod.c" }));
        Assert.That(learnt.Find("mod.a"u8)!.IsWrite);
    }

    [Test]
    public void ServersThatTellOfNothing_NothingIsLearnt() => Assert.That(LearntCommands.Of([CommandReport.Empty]), Is.SameAs(LearntCommands.None));

    [Test]
    public void KeyThatMayBeMissing_DoesNotCountAsFound()
    {
        var learnt = LearntCommands.Of([CommandReport.Read(Told.Reply(Told.Command("mod.a", keys: [Told.Keys(1)])))]);
        var frame = TestRequest.Parse("mod.a").Frame;

        Assert.That(KeyFinder.Find(learnt.Find("mod.a"u8)!, frame, new KeyPositions()), Is.EqualTo(KeySearch.Invalid));
    }

    [Test]
    public void ReportsOfOneTableInAnyOrder_HaveOneDigest()
    {
        var (a, b) = (Told.Command("mod.a"), Told.Command("mod.b", keys: [Told.Keys(1)]));

        Assert.That(CommandReport.Read(Told.Reply(a, b)).Digest, Is.EqualTo(CommandReport.Read(Told.Reply(b, Told.Command("get"), a)).Digest));
    }

    [Test]
    public void ReportsThatDiffer_HaveDifferentDigests()
    {
        string[] told =
        [
            Told.Command("mod.a"), Told.Command("mod.b"), Told.Command("mod.a", "write"), Told.Command("mod.a", arity: 2),
            Told.Command("mod.a", keys: [Told.Keys(1)]), Told.Command("mod.a", keys: [Told.Keys(2)]),
            Told.Command("mod.a", keys: [Told.Keys(1, lastKey: -1)]), Told.Command("mod.a", keys: [Told.Keys(1, flags: "RW")]),
            Told.Command("mod.a", categories: "@write"), Told.Command("mod.a", tips: "x"),
        ];

        Assert.That(told.Select(command => CommandReport.Read(Told.Reply(command)).Digest), Is.Unique);
    }

    // Whatever a server says of where keys are, and whatever a client sends, a position that is found is one of an argument.
    [Test]
    public void AnySpecification_FindsKeysAmongTheArguments()
    {
        var random = new Random(3);
        var keys = new KeyPositions();
        for (var i = 0; i < 2000; i++)
        {
            string[] specs =
            [
                Told.Keys(random.Next(-2, 5), random.Next(-4, 4), random.Next(-1, 4), limit: random.Next(-1, 4)),
                Told.KeyNum(random.Next(0, 5), random.Next(-1, 4), random.Next(-1, 4), random.Next(0, 3)),
                Told.KeysAfter("K", random.Next(-5, 5), random.Next(-4, 4)),
            ];
            var told = Told.Command("mod.a", keys: [specs[random.Next(3)], specs[random.Next(3)]]);
            var learnt = LearntCommands.Of([CommandReport.Read(Told.Reply(told))]);
            var count = random.Next(1, 6);
            var arguments = Enumerable.Range(0, count - 1).Select(_ => random.Next(3) == 0 ? "K" : $"{random.Next(-1, 7)}");
            var frame = new TestRequest(["mod.a", .. arguments]).Frame;

            if (KeyFinder.Find(learnt.Roots[0], frame, keys) == KeySearch.Found)
            {
                Assert.That(Enumerable.Range(0, keys.Count).Select(key => keys[key]), Is.All.InRange(1, count - 1));
            }

            DocumentedKeys.Find(learnt.Roots[0], new RequestArguments(frame), keys);
            Assert.That(Enumerable.Range(0, keys.Count).Select(key => keys[key]), Is.All.InRange(1, count - 1));
        }
    }
}
